import { fileURLToPath } from 'node:url';
import { type CallerLocation } from './log-call.js';
import { mappedPosition } from './mapped-position.js';

/** This package's own frames are never the caller: the folder above `logger/`, as path and as URL. */
const OWN_URL = new URL('..', import.meta.url).href;
const OWN_PATH = fileURLToPath(OWN_URL);

/** Nest's `Logger` and `ConsoleLogger`, wherever the package manager put `@nestjs/common`. */
const NEST_LOGGER_FILE = /[\\/]@nestjs[\\/]common[\\/]services[\\/](?:console-)?logger\.service\./;

/** Nest's `Logger` adds two frames; the caller is the next. Each further frame makes every log call dearer. */
const USUAL_FRAMES = 4;

/** For callers that are further away: behind this package's own frames, or behind a loop over messages. */
const MOST_FRAMES = 16;

/** Distinct call sites whose position is kept; past that (generated code) the oldest is forgotten. */
const CACHED_SITES = 2_000;

/** The function of this package that the application called. */
type Entrance = (...args: never[]) => unknown;

/**
 * Finds the place in the application that called a logger.
 *
 * Walking the stack costs 2 us and more on every call; turning a position into that of the TypeScript source
 * costs far more, so it is done once per call site.
 */
export class CallerLocator {
  private readonly sites = new Map<string, CallerLocation>();

  /**
   * @param entrance the function of this package that the application called; it and all above it are skipped
   * @returns `undefined` when unknown, as for the lines of a flushed boot buffer
   */
  locate(entrance: Entrance): CallerLocation | undefined {
    try {
      return this.find(entrance);
    } catch {
      // The application's own `Error.prepareStackTrace` threw, or `Error` is frozen.
      return undefined;
    }
  }

  private find(entrance: Entrance): CallerLocation | undefined {
    const near = captureFrames(entrance, USUAL_FRAMES);
    const index = callerIndex(near);
    if (index !== 'beyond')
      return index === undefined ? undefined : this.locationOf(near[index]!, entrance, index);
    const far = captureFrames(entrance, MOST_FRAMES);
    const farIndex = callerIndex(far);
    return typeof farIndex === 'number' ? this.locationOf(far[farIndex]!, entrance, farIndex) : undefined;
  }

  private locationOf(frame: NodeJS.CallSite, entrance: Entrance, index: number): CallerLocation {
    // The offset in the script; V8 would have to count lines for a line number.
    const site = `${frame.getPosition()}:${frame.getFileName()}`;
    const known = this.sites.get(site);
    if (known) return known;
    const location = describe(frame, captureText(entrance, index));
    if (this.sites.size >= CACHED_SITES) this.sites.delete(this.sites.keys().next().value!);
    this.sites.set(site, location);
    return location;
  }
}

/** The frames of the caller and its callers, without the cost of formatting them. */
function captureFrames(entrance: Entrance, most: number): NodeJS.CallSite[] {
  const prepare = Error.prepareStackTrace;
  Error.prepareStackTrace = (_error, frames) => frames;
  try {
    const frames: unknown = captureStack(entrance, most);
    return Array.isArray(frames) ? frames : [];
  } finally {
    Error.prepareStackTrace = prepare;
  }
}

/** The same frame as text: written by whatever maps stacks to sources here (Node, tsx, vitest, ...). */
function captureText(entrance: Entrance, index: number): string | undefined {
  const stack = captureStack(entrance, MOST_FRAMES);
  if (typeof stack !== 'string') return undefined;
  return stack.split('\n').filter((line) => /^\s+at /.test(line))[index];
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

/** @returns `undefined` when there is no caller to name; `'beyond'` when these frames do not reach it */
function callerIndex(frames: readonly NodeJS.CallSite[]): number | 'beyond' | undefined {
  for (let index = 0; index < frames.length; index++) {
    const frame = frames[index]!;
    const file = frame.getFileName();
    // A native frame, as of the `forEach` between `Logger.flush` and the line that it flushes.
    if (!file) continue;
    if (NEST_LOGGER_FILE.test(file)) {
      // Who logged these lines has long returned; who flushes them did not log them.
      if (frame.getFunctionName() === 'flush') return undefined;
      continue;
    }
    if (file.startsWith(OWN_URL) || file.startsWith(OWN_PATH)) continue;
    return file.startsWith('node:') ? undefined : index;
  }
  return 'beyond';
}

function describe(frame: NodeJS.CallSite, text: string | undefined): CallerLocation {
  const mapped = text ? mappedPosition(text) : undefined;
  const file = mapped?.file ?? frame.getFileName()!;
  const line = mapped?.line ?? frame.getLineNumber() ?? undefined;
  const name = frame.getMethodName() ?? frame.getFunctionName();
  return {
    module: moduleName(file),
    ...(name ? { function: name.replace(/^(?:async|get|set|static) /, '') } : {}),
    ...(line ? { line } : {}),
  };
}

/** `/app/src/instances.service.ts` -> `instances.service`. */
function moduleName(file: string): string {
  const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1).replace(/[?#].*$/, '');
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}
