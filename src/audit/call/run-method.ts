import { type AuditCall } from './audit-call.js';
import { insideOf } from './audit-scope.js';
import { followResult } from './follow-result.js';

/** Runs the method of a call and follows what comes of it. */
export function runMethod(call: AuditCall, method: () => unknown): unknown {
  call.begin();
  let returned: unknown;
  try {
    returned = insideOf(call, method);
  } catch (error) {
    call.threw(error);
    throw error;
  }
  return followResult(returned, call);
}
