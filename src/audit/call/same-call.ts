import { type ExecutionContext } from '@nestjs/common';
import { type AuditCall } from './audit-call.js';

/**
 * Whether a call was opened for what a context is about: the same handler with the same arguments. Nest makes a
 * context of its own for the guards and another one for the interceptors.
 */
export function isCallOf<Call extends AuditCall>(
  call: Call | undefined,
  context: ExecutionContext,
): call is Call {
  const known = call?.subject.context;
  if (!known || known.getHandler() !== context.getHandler()) return false;
  const args = context.getArgs();
  const knownArgs = known.getArgs();
  return args.length === knownArgs.length && args.every((arg, index) => Object.is(arg, knownArgs[index]));
}
