import { fileURLToPath } from 'node:url';
import { type CallerLocation } from './log-call.js';
import { mappedPosition } from './mapped-position.js';

/** This package's own frames are never the caller: the folder above `logger/`, as path and as URL. */
const OWN_URL = new URL('..', import.meta.url).href;
const OWN_PATH = fileURLToPath(OWN_URL);

/** Nest's `Logger` and `ConsoleLogger`, wherever the package manager put `@nestjs/common`. */
const NEST_LOGGER_FILE = /[\\/]@nestjs[\\/]common[\\/]services[\\/](?:console-)?logger\.service\./;

/**
 * Nest's `Logger` adds two frames, this package up to three; a boot buffer shows its `flush` as the fourth.
 * Each further frame makes every log call dearer.
 */
const FRAMES = 8;

/** Distinct call sites whose position is kept; past that (generated code) the oldest is forgotten. */
const CACHED_SITES = 2_000;

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
  locate(entrance: (...args: never[]) => unknown): CallerLocation | undefined {
    try {
      return this.find(entrance);
    } catch {
      // The application's own `Error.prepareStackTrace` threw, or `Error` is frozen.
      return undefined;
    }
  }

  private find(entrance: (...args: never[]) => unknown): CallerLocation | undefined {
    const frames = captureFrames(entrance);
    const index = callerIndex(frames);
    if (index === undefined) return undefined;
    const frame = frames[index]!;
    const site = `${frame.getFileName()}:${frame.getLineNumber()}:${frame.getColumnNumber()}`;
    const known = this.sites.get(site);
    if (known) return known;
    const location = describe(frame, captureText(entrance, index));
    if (this.sites.size >= CACHED_SITES) this.sites.delete(this.sites.keys().next().value!);
    this.sites.set(site, location);
    return location;
  }
}

/** The frames of the caller and its callers, without the cost of formatting them. */
function captureFrames(entrance: (...args: never[]) => unknown): NodeJS.CallSite[] {
  const prepare = Error.prepareStackTrace;
  Error.prepareStackTrace = (_error, frames) => frames;
  try {
    const frames: unknown = captureStack(entrance);
    return Array.isArray(frames) ? frames : [];
  } finally {
    Error.prepareStackTrace = prepare;
  }
}

/** The same frame as text: written by whatever maps stacks to sources here (Node, tsx, vitest, ...). */
function captureText(entrance: (...args: never[]) => unknown, index: number): string | undefined {
  const stack = captureStack(entrance);
  if (typeof stack !== 'string') return undefined;
  return stack.split('\n').filter((line) => /^\s+at /.test(line))[index];
}

function captureStack(entrance: (...args: never[]) => unknown): unknown {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  try {
    const holder: { stack?: unknown } = {};
    Error.captureStackTrace(holder, entrance);
    return holder.stack;
  } finally {
    Error.stackTraceLimit = limit;
  }
}

function callerIndex(frames: readonly NodeJS.CallSite[]): number | undefined {
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
  return undefined;
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
