/**
 * Makes a lazy message (a function that is not a class) run at most once, however many loggers resolve it:
 * the console and the stream must show the same text, and a side effect must not happen twice.
 */
export function evaluateOnce(args: readonly unknown[]): readonly unknown[] {
  return args.some(isLazyMessage) ? args.map((arg) => (isLazyMessage(arg) ? memoize(arg) : arg)) : args;
}

function isLazyMessage(value: unknown): value is () => unknown {
  // `class ` is how Nest's ConsoleLogger tells a class, whose name it prints, from a lazy message.
  return typeof value === 'function' && !Function.prototype.toString.call(value).startsWith('class ');
}

function memoize(lazy: () => unknown): () => unknown {
  let outcome: { value: unknown } | { error: unknown } | undefined;
  const once = (): unknown => {
    outcome ??= attempt(lazy);
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  };
  return Object.defineProperty(once, 'name', { value: lazy.name });
}

function attempt(lazy: () => unknown): { value: unknown } | { error: unknown } {
  try {
    return { value: lazy() };
  } catch (error) {
    return { error };
  }
}
