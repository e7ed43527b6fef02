import { isError } from '../record/describe-value.js';

/** What Nest 12 reads out of the arguments of a log call, for the `ConsoleLogger` of Nest 11, which does not. */

/** A class is its name, any other function its result. One that returns itself for ever throws, as in Nest 12. */
export function resolveAsNest11(message: unknown): unknown {
  if (typeof message !== 'function') return message;
  if (Function.prototype.toString.call(message).startsWith('class ')) return message.name;
  return resolveAsNest11((message as () => unknown)());
}

/** Takes the first error out of the messages, also one of another realm; of one that is the message, its message stays. */
export function extractError(messages: unknown[]): { messages: unknown[]; error?: Error } {
  const index = messages.findIndex(isError);
  if (index === -1) return { messages };
  const error = messages[index] as Error;
  return {
    messages: index === 0 ? [error.message, ...messages.slice(1)] : messages.toSpliced(index, 1),
    error,
  };
}

/** Plain objects behind the first message are params. */
export function splitParams(messages: unknown[]): {
  messages: unknown[];
  params: Record<string, unknown> | undefined;
} {
  const params: object[] = [];
  const rest = messages.filter((message, index) => {
    if (index === 0 || !isPlainObject(message)) return true;
    params.push(message);
    return false;
  });
  return {
    messages: rest,
    params: params.length > 0 ? (Object.assign({}, ...params) as Record<string, unknown>) : undefined,
  };
}

/** As Nest's own `isPlainObject`: also of another realm, and without a prototype. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null) return true;
  const constructor: unknown = Object.hasOwn(prototype, 'constructor') ? prototype.constructor : undefined;
  return (
    typeof constructor === 'function' &&
    constructor instanceof constructor &&
    Function.prototype.toString.call(constructor) === Function.prototype.toString.call(Object)
  );
}
