type Lazy = () => unknown;

/** Calls a lazy message, which is code of the application. */
type Run = (lazy: Lazy) => unknown;

/**
 * Makes a lazy message (a function that is not a class) run at most once, however many loggers resolve it:
 * the console and the stream must show the same text, and a side effect must not happen twice.
 *
 * @param run makes the one call
 */
export function evaluateOnce(args: readonly unknown[], run: Run): readonly unknown[] {
  for (const arg of args) {
    if (typeof arg === 'function')
      return args.map((value) => (isLazyMessage(value) ? memoize(value, run) : value));
  }
  return args;
}

function isLazyMessage(value: unknown): value is Lazy {
  // `class ` is how Nest's ConsoleLogger tells a class, whose name it prints, from a lazy message.
  return typeof value === 'function' && !Function.prototype.toString.call(value).startsWith('class ');
}

/** A proxy: to a logger that prints functions, in place of calling them, it is still the same function. */
function memoize(lazy: Lazy, run: Run): Lazy {
  let outcome: { value: unknown } | { error: unknown } | undefined;
  return new Proxy(lazy, {
    apply: () => {
      outcome ??= attempt(lazy, run);
      if ('error' in outcome) throw outcome.error;
      return outcome.value;
    },
    get: (_target, key) => {
      const value: unknown = Reflect.get(lazy, key);
      return key === 'toString' && typeof value === 'function' ? () => String(lazy) : value;
    },
  });
}

function attempt(lazy: Lazy, run: Run): { value: unknown } | { error: unknown } {
  try {
    const value = run(lazy);
    // Loggers go on until there is no function left.
    return { value: isLazyMessage(value) ? memoize(value, run) : value };
  } catch (error) {
    return { error };
  }
}
