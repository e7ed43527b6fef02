/** A line of a stack trace. */
export interface StackLine {
  readonly text: string;
  /** `own` code is what a reader looks for; what Node and packages did between is dimmed. */
  readonly kind: 'title' | 'own' | 'foreign';
}

const FRAME = /^\s*at\s/;
const FOREIGN = /[\\/]node_modules[\\/]|\(?node:|<anonymous>|\(native\)/;

/** Cuts a stack into lines and tells frames of the app from those of others. */
export function stackLines(stack: string): StackLine[] {
  return stack.split('\n').map((text) => {
    if (!FRAME.test(text)) return { text, kind: 'title' };
    return { text: text.trim(), kind: FOREIGN.test(text) ? 'foreign' : 'own' };
  });
}

/** An error of a record and what caused it, outermost first. */
export interface LoggedError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
}

/** Causes of causes: the server cuts at 8, and a page must not trust that. */
const MOST_CAUSES = 16;

export function errorChain(error: unknown): LoggedError[] {
  const chain: LoggedError[] = [];
  for (let current = error; isObject(current) && chain.length < MOST_CAUSES; current = current['cause']) {
    const { name, message, stack } = current;
    chain.push({
      name: typeof name === 'string' ? name : 'Error',
      message: typeof message === 'string' ? message : '',
      ...(typeof stack === 'string' ? { stack } : {}),
    });
  }
  return chain;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
