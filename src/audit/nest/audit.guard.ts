import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { findCalls } from '../call/audit-host.js';
import { awaitCall, awaitedCall } from '../call/audit-scope.js';
import { auditedMethodOf } from '../describe/audited-method.js';
import { isCallOf } from '../call/same-call.js';

/**
 * Lets everybody pass. Being the first guard, it only opens the call, so that a refusal by one of the others is known:
 * interceptors never see it.
 */
@Injectable()
export class AuditGuard implements CanActivate {
  constructor(@Inject(ModuleRef) private readonly moduleRef: ModuleRef) {}

  canActivate(context: ExecutionContext): boolean {
    const method = auditedMethodOf(context.getHandler());
    if (!method) awaitCall(undefined);
    else if (!isCallOf(awaitedCall(), context)) {
      awaitCall(findCalls(this.moduleRef)?.openHandlerCall(method, context));
    }
    return true;
  }
}
