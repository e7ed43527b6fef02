/** A function that the application, or Nest for it, has called: a stack is cut there, with all that it has called in turn. */
export type Entrance = (...args: never[]) => unknown;

/** The frames of the caller and its callers, without the cost of formatting them. */
export function captureFrames(entrance: Entrance, most: number): NodeJS.CallSite[] {
  const prepare = Error.prepareStackTrace;
  Error.prepareStackTrace = (_error, frames) => frames;
  try {
    const frames: unknown = captureStack(entrance, most);
    return Array.isArray(frames) ? frames : [];
  } finally {
    Error.prepareStackTrace = prepare;
  }
}

/** As text, one line a frame: written by whatever maps stacks to sources here (Node, tsx, vitest, ...). */
export function captureLines(entrance: Entrance, most: number): string[] {
  const stack = captureStack(entrance, most);
  return typeof stack === 'string' ? stack.split('\n').filter((line) => /^\s+at /.test(line)) : [];
}

function captureStack(entrance: Entrance, most: number): unknown {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = most;
  try {
    const holder: { stack?: unknown } = {};
    Error.captureStackTrace(holder, entrance);
    return holder.stack;
  } finally {
    Error.stackTraceLimit = limit;
  }
}
