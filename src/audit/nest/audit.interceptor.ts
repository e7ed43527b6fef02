import {
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { type Observable } from 'rxjs';
import { findCalls } from '../call/audit-host.js';
import { auditedMethodOf } from '../describe/audited-method.js';
import { followHandler } from './follow-handler.js';

/**
 * Follows the calls that Nest makes of audited handlers. `@Audit` binds it to each of them.
 *
 * Bound globally as well (`app.useGlobalInterceptors(app.get(AuditInterceptor))`), it lets the audited providers that
 * other handlers call know of the request, too, and with it of `request.user`. Still one record per call.
 *
 * @publicApi
 */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  constructor(@Inject(ModuleRef) private readonly moduleRef: ModuleRef) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return followHandler(context, next, () => {
      const method = auditedMethodOf(context.getHandler());
      return method && findCalls(this.moduleRef)?.openHandlerCall(method, context);
    });
  }
}
