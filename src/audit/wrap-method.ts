import { type AuditCall } from './audit-call.js';
import { recorderOf } from './audit-host.js';
import { callAtEntrance, insideOf } from './audit-scope.js';
import { recorderMissing } from './audit.messages.js';
import { type AuditedMethod } from './audited-method.js';
import { followResult } from './follow-result.js';

export type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Makes the method that stands in for an audited one; see `inherit()` for what others have attached to that. */
export function wrapMethod(original: Method, audited: AuditedMethod): Method {
  let hasWarned = false;

  const warnOnce = (instance: unknown): void => {
    if (hasWarned) return;
    hasWarned = true;
    process.emitWarning(recorderMissing(classNameOf(instance), original.name), 'AuditWarning');
  };

  return function (...args) {
    const call = callOf(this, audited);
    if (call) return run(call, () => Reflect.apply(original, this, args), args);
    warnOnce(this);
    return Reflect.apply(original, this, args);
  };
}

/** The call that Nest's entrance has opened for this method, or else a new one. */
function callOf(instance: unknown, audited: AuditedMethod): AuditCall | undefined {
  const entered = callAtEntrance();
  if (entered?.isOf(audited)) return entered;
  return recorderOf(instance)?.openCall(audited, instance as object);
}

function run(call: AuditCall, method: () => unknown, args: readonly unknown[]): unknown {
  call.enter(args);
  let returned: unknown;
  try {
    returned = insideOf(call, method);
  } catch (error) {
    call.threw(error);
    throw error;
  }
  return followResult(returned, call);
}

function classNameOf(instance: unknown): string {
  return typeof instance === 'object' && instance !== null ? instance.constructor.name : 'An unbound method';
}
