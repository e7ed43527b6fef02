import { type AuditCall } from '../call/audit-call.js';
import { callsOf } from '../call/audit-host.js';
import { withDefaults } from '../describe/audit-options.js';
import { callAtEntrance } from '../call/audit-scope.js';
import { AuditUnavailableError } from '../deliver/audit-unavailable.error.js';
import { closedResultUnknown, recorderMissing } from '../audit.messages.js';
import { auditDefaultsOf, type AuditedMethod } from '../describe/audited-method.js';
import { refuse, runClosed, startClosed } from '../call/closed-call.js';
import { stableNameOf } from '../describe/class-name.js';
import { type ResultShape } from '../call/result-shape.js';
import { runMethod } from '../call/run-method.js';

export type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Makes the method that stands in for an audited one; see `inherit()` for what others have attached to that. */
export function wrapMethod(original: Method, audited: AuditedMethod, shape: ResultShape | undefined): Method {
  let hasWarned = false;

  const warnOnce = (instance: unknown): void => {
    if (hasWarned) return;
    hasWarned = true;
    process.emitWarning(recorderMissing(classNameOf(instance), original.name), 'AuditWarning');
  };

  return function (...args) {
    const method = (): unknown => Reflect.apply(original, this, args);
    const entered = callAtEntrance();
    if (entered?.isOf(audited)) return runEntered(entered, method, args);
    const call = callsOf(this)?.openCall(audited, this as object);
    if (call) return runOpened(call, method, args, shape);
    if (isClosed(this, audited)) {
      const error = new TypeError(recorderMissing(classNameOf(this), original.name));
      return refuse(new AuditUnavailableError(error), shape);
    }
    warnOnce(this);
    return method();
  };
}

/** The call that Nest's entrance has opened for this method. */
function runEntered(call: AuditCall, method: () => unknown, args: readonly unknown[]): unknown {
  call.enter(args);
  return call.isClosed ? runClosed(call, method) : runMethod(call, method);
}

/** A call that the application makes. */
function runOpened(
  call: AuditCall,
  method: () => unknown,
  args: readonly unknown[],
  shape: ResultShape | undefined,
): unknown {
  call.enter(args);
  if (!call.isClosed) return runMethod(call, method);
  if (shape) return startClosed(call, method, shape);
  throw new TypeError(closedResultUnknown(call.where));
}

function isClosed(instance: unknown, { options }: AuditedMethod): boolean {
  const defaults =
    typeof instance === 'object' && instance !== null ? auditDefaultsOf(instance.constructor) : undefined;
  return withDefaults(defaults, options).failure === 'closed';
}

function classNameOf(instance: unknown): string {
  return typeof instance === 'object' && instance !== null
    ? stableNameOf(instance.constructor)
    : 'An unbound method';
}
