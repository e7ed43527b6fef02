import { type CallerLocation } from '../record/log-call.js';
import { mappedPosition } from './mapped-position.js';
import { learnNestPlaces, type NestPlace, type NestPlaces } from './nest-places.js';
import { OwnFiles } from './own-files.js';
import { captureFrames, captureLines, type Entrance } from './stack.js';

/** Nest's `Logger` and `ConsoleLogger`, wherever the package manager put `@nestjs/common`. */
const NEST_LOGGER_FILE = /[\\/]@nestjs[\\/]common[\\/]services[\\/](?:console-)?logger\.service\./;

/** Static calls of Nest's `Logger` add a frame or two; the caller is the next. Each further one makes a look-up dearer. */
const USUAL_FRAMES = 3;

/** For callers that are further away: behind this package's own frames, or behind a loop over messages. */
const MOST_FRAMES = 16;

/** Call sites and files that are remembered; past that, as with generated code, all are forgotten. */
const MOST_REMEMBERED = 4_000;

/** What a file on the stack is to a log call. `native` code, as of a `forEach` on the way, has no file. */
type FileKind = 'nest' | 'own' | 'node' | 'app' | 'native';

/** The top level of a module begins where its file begins. */
const MODULE_NAME = '<module>';
const NO_NAME = '<anonymous>';

/**
 * Finds the place in the application that called a logger.
 *
 * Walking the stack costs 2 us and more on every call; turning a position into that of the TypeScript source
 * costs far more, so it is done once per call site.
 */
export class CallerLocator {
  private readonly own = new OwnFiles();
  /** Where a bundle hides the files that tell Nest's frames; learned with the first look-up. */
  private places: NestPlaces | undefined;
  private readonly kinds = new Map<string, FileKind>();
  private readonly sites = new Map<string, Map<number, CallerLocation>>();
  private remembered = 0;

  /**
   * @param entrance the function of this package that the application called; it and all above it are skipped
   * @param facade Nest's method in front of it, by which nearly all calls come: skipping that one as well leaves one frame
   *   to walk to. Not to be given where an earlier call of it may be on the stack
   * @returns `undefined` when unknown, as for the lines of a flushed boot buffer
   */
  locate(entrance: Entrance, facade?: Entrance): CallerLocation | undefined {
    try {
      if (this.own.bundled) this.places ??= learnNestPlaces();
      const location = facade && this.behind(facade);
      if (location) return location;
      let frames = captureFrames(entrance, USUAL_FRAMES);
      let index = this.callerIndex(frames);
      if (index === 'beyond') {
        frames = captureFrames(entrance, MOST_FRAMES);
        index = this.callerIndex(frames);
      }
      return typeof index === 'number' ? this.locationOf(frames[index]!, entrance, index) : undefined;
    } catch {
      // The application's own `Error.prepareStackTrace` threw, or `Error` is frozen.
      return undefined;
    }
  }

  /** @returns `undefined` when the call did not come by the facade, or not from the application itself */
  private behind(facade: Entrance): CallerLocation | undefined {
    const [frame] = captureFrames(facade, 1);
    return frame && this.kindOfFrame(frame) === 'app' ? this.locationOf(frame, facade, 0) : undefined;
  }

  /** @returns `undefined` when there is no caller to name; `'beyond'` when these frames do not reach it */
  private callerIndex(frames: readonly NodeJS.CallSite[]): number | 'beyond' | undefined {
    for (let index = 0; index < frames.length; index++) {
      const frame = frames[index]!;
      const kind = this.kindOfFrame(frame);
      if (kind === 'app') return index;
      if (kind === 'node') return undefined;
      // Who logged these lines has long returned; who flushes them did not log them.
      if (kind === 'nest' && this.isFlush(frame)) return undefined;
    }
    return 'beyond';
  }

  private kindOfFrame(frame: NodeJS.CallSite): FileKind {
    return this.placeOf(frame) ? 'nest' : this.kindOf(frame.getFileName());
  }

  private isFlush(frame: NodeJS.CallSite): boolean {
    return this.placeOf(frame) === 'flushes' || frame.getFunctionName() === 'flush';
  }

  private placeOf(frame: NodeJS.CallSite): NestPlace | undefined {
    return this.places?.get(frame.getFileName() ?? '')?.get(frame.getPosition());
  }

  private kindOf(file: string | null | undefined): FileKind {
    if (!file) return 'native';
    let kind = this.kinds.get(file);
    if (!kind) {
      kind = this.own.has(file) ? 'own' : fileKind(file);
      this.remember();
      this.kinds.set(file, kind);
    }
    return kind;
  }

  private locationOf(frame: NodeJS.CallSite, entrance: Entrance, index: number): CallerLocation | undefined {
    const file = frame.getFileName()!;
    // The offset in the script: for a line number V8 would have to count lines.
    const position = frame.getPosition();
    let location = this.sites.get(file)?.get(position);
    if (!location) {
      // Who called it: where that is Node, the name of a method is one that Node has given it.
      const above = captureFrames(entrance, MOST_FRAMES)[index + 1]?.getFileName();
      const isCalledByNode = above != null && this.kindOf(above) === 'node';
      location = describe(frame, captureLines(entrance, MOST_FRAMES)[index], isCalledByNode);
      if (!location) return undefined;
      this.remember();
      const sites = this.sites.get(file) ?? new Map<number, CallerLocation>();
      this.sites.set(file, sites.set(position, location));
    }
    return location;
  }

  /** Makes room for one more. */
  private remember(): void {
    this.remembered += 1;
    if (this.remembered <= MOST_REMEMBERED) return;
    this.remembered = 1;
    this.kinds.clear();
    this.sites.clear();
  }
}

function fileKind(file: string): FileKind {
  if (NEST_LOGGER_FILE.test(file)) return 'nest';
  return file.startsWith('node:') ? 'node' : 'app';
}

function describe(
  frame: NodeJS.CallSite,
  text: string | undefined,
  isCalledByNode: boolean,
): CallerLocation | undefined {
  const mapped = text ? mappedPosition(text) : undefined;
  const file = mapped?.file ?? frame.getFileName()!;
  const line = mapped?.line ?? frame.getLineNumber();
  // All three or none: a front end of the plain format need not be prepared for less.
  return line ? { module: moduleName(file), function: functionName(frame, isCalledByNode), line } : undefined;
}

function functionName(frame: NodeJS.CallSite, isCalledByNode: boolean): string {
  const name = frame.getFunctionName()?.replace(/^(?:async|get|set|static) /, '');
  // The name of the slot that a function was called by; for `setInterval` it is Node's own `_onTimeout`.
  const method = isCalledByNode ? undefined : frame.getMethodName();
  // V8 calls what was assigned to it `exports.start`, and `slots.<computed>`.
  const isOfSlot = method && (name?.endsWith(`.${method}`) || name?.endsWith('.<computed>'));
  if (name) return isOfSlot ? method : name;
  return method ?? (isTopLevel(frame) ? MODULE_NAME : NO_NAME);
}

function isTopLevel(frame: NodeJS.CallSite): boolean {
  return frame.getEnclosingLineNumber() === 1 && frame.getEnclosingColumnNumber() === 1;
}

/** `/app/src/instances.service.ts` -> `instances.service`. */
function moduleName(file: string): string {
  const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1).replace(/[?#].*$/, '');
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}
