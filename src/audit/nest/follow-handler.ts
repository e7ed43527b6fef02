import { type CallHandler, type ExecutionContext } from '@nestjs/common';
import { catchError, from, mergeMap, throwError, type Observable } from 'rxjs';
import { atEntranceOf, awaitedCall, callAtEntrance, inContext } from '../call/audit-scope.js';
import { AuditUnavailableError } from '../deliver/audit-unavailable.error.js';
import { type HandlerCall } from '../call/handler-call.js';
import { isCallOf } from '../call/same-call.js';
import { transportError } from '../call/transport-error.js';

/**
 * Runs a handler that Nest calls, as part of the call that its guards have opened.
 *
 * @param open opens a call where there is none yet; `undefined` for a handler that is not audited
 */
export function followHandler(
  context: ExecutionContext,
  next: CallHandler,
  open: () => HandlerCall | undefined,
): Observable<unknown> {
  if (isCallOf(callAtEntrance(), context)) return next.handle();
  const opened = awaitedCall();
  // One that is on its way already was an earlier attempt, of an interceptor that waited before it tried again.
  const call = isCallOf(opened, context) && opened.isOpen ? opened : open();
  if (!call)
    return answering(
      context,
      inContext(context, () => next.handle()),
    );
  call.passGuards();
  return answering(context, call.follow(atEntranceOf(call, () => next.handle())));
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
