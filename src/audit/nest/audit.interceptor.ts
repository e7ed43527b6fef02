import {
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { catchError, from, mergeMap, throwError, type Observable } from 'rxjs';
import { findCalls } from '../call/audit-host.js';
import { atEntranceOf, awaitedCall, callAtEntrance, inContext } from '../call/audit-scope.js';
import { AuditUnavailableError } from '../deliver/audit-unavailable.error.js';
import { auditedMethodOf } from '../describe/audited-method.js';
import { type HandlerCall } from '../call/handler-call.js';
import { isCallOf } from '../call/same-call.js';
import { transportError } from '../call/transport-error.js';

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
    if (isCallOf(callAtEntrance(), context)) return next.handle();
    const call = this.callOf(context);
    if (!call)
      return answering(
        context,
        inContext(context, () => next.handle()),
      );
    call.passGuards();
    return answering(context, call.follow(atEntranceOf(call, () => next.handle())));
  }

  private callOf(context: ExecutionContext): HandlerCall | undefined {
    const opened = awaitedCall();
    // One that is on its way already was an earlier attempt, of an interceptor that waited before it tried again.
    if (isCallOf(opened, context) && opened.isOpen) return opened;
    const method = auditedMethodOf(context.getHandler());
    return method && findCalls(this.moduleRef)?.openHandlerCall(method, context);
  }
}

/** Refusals for want of an audit trail reach the client as its transport would have them. */
function answering(context: ExecutionContext, handled: Observable<unknown>): Observable<unknown> {
  return handled.pipe(
    catchError((error) => {
      if (!(error instanceof AuditUnavailableError)) throw error;
      return from(transportError(error, context)).pipe(mergeMap((answer) => throwError(() => answer)));
    }),
  );
}
