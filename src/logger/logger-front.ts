import { type LoggerService, type LogLevel } from '@nestjs/common';
import { evaluateOnce } from './lazy-message.js';
import { NEST_LOG_LEVELS, type NestLogLevel } from '../record/log-call.js';
import { contextOf } from './logger-context.js';
import { LevelsInForce } from './logger-levels.js';
import { type PassingCall, teeOf } from './logger-tee.js';
import { type Entrance } from './stack.js';
import { currentLogger, type NestLogger } from './nest-logger.js';

/** Stands on Nest's `Logger`: two copies of this package share the one front. */
const FRONT = Symbol.for('nestjs-log-stream:front');

/** Who wants to know of each line that is logged through Nest's `Logger`. */
export interface LoggerTap {
  /** False while nobody keeps or watches records. */
  readonly wanted: boolean;
  /** Whether the logger that Nest has given the line has streamed it to this tap's stream by itself. */
  has(logger: LoggerService): boolean;
  /** Takes a line whose level is on. Must not throw. */
  take(call: PassingCall): void;
}

type Method = (...args: unknown[]) => unknown;

/** A call that the app's logger is busy with. */
interface RunningCall {
  /** The taps whose own `LogStreamLogger` the app's logger has handed it to. */
  taken: Set<LoggerTap> | undefined;
}

/**
 * Stands between Nest's `Logger` and the logger behind it, whichever Nest uses at that moment, and lets taps see what
 * passes. Nest's logger stays what it is: levels, colours, `+Nms`, `useLogger()` before and after are none of our
 * business, and what is printed does not change by a byte.
 *
 * It is put where Nest asks for the logger behind: `Logger.prototype.localInstance`, which is public in Nest 11 and 12,
 * and for static calls in the place of `this`. Lines held back by `bufferLogs` ask when they are flushed.
 */
export class LoggerFront {
  readonly levels = new LevelsInForce();
  private readonly taps = new Set<LoggerTap>();
  private readonly tees = new WeakMap<LoggerService, LoggerService>();
  private readonly silent = teeOf(undefined, (level, args, entrance) =>
    this.pass(undefined, level, args, entrance),
  );
  private readonly replaced: Replacement[];
  private running: RunningCall | undefined;
  /** Calls under way: more than one where a lazy message, an observer or the app's logger logs. */
  private depth = 0;

  private constructor(private readonly nest: NestLogger) {
    const { tee, levels } = this;
    const views = new WeakMap<object, object>();
    /** Nest's `Logger` as static methods see it, with a tee in the place of the logger. */
    const viewOf = (logger: object): object => {
      let view = views.get(logger);
      if (!view) {
        view = Object.create(logger, {
          staticInstanceRef: { get: () => tee(currentLogger(logger as NestLogger)) },
        }) as object;
        views.set(logger, view);
      }
      return view;
    };
    this.replaced = [
      replace(nest.prototype, 'localInstance', ({ get }) => ({
        get(this: unknown) {
          return tee(get?.call(this) as LoggerService | undefined);
        },
      })),
      ...NEST_LOG_LEVELS.map((level) =>
        replace(nest, level, ({ value }) => ({
          value(this: object, ...args: unknown[]) {
            return (value as Method).apply(viewOf(this), args);
          },
        })),
      ),
      replace(nest, 'overrideLogger', ({ value }) => ({
        value(this: NestLogger, logger: unknown) {
          if (Array.isArray(logger)) levels.set(currentLogger(this), logger as LogLevel[]);
          return (value as Method).call(this, logger);
        },
      })),
    ];
  }

  /** The front of Nest's `Logger`, put up when there is none yet. */
  static of(nest: NestLogger): LoggerFront {
    const owner = nest as unknown as Record<symbol, LoggerFront | undefined>;
    return (owner[FRONT] ??= new LoggerFront(nest));
  }

  /** The one that is up. */
  static find(nest: NestLogger): LoggerFront | undefined {
    return (nest as unknown as Record<symbol, LoggerFront | undefined>)[FRONT];
  }

  /** Whether a call of Nest's `Logger` is under way. */
  get isBusy(): boolean {
    return this.depth > 0;
  }

  add(tap: LoggerTap): void {
    this.taps.add(tap);
  }

  /** With the last tap the front comes down, and Nest's `Logger` is what it was. */
  remove(tap: LoggerTap): void {
    this.taps.delete(tap);
    // Where somebody else has put something before it since, it stays there as good as open.
    if (this.taps.size > 0 || !this.replaced.every((each) => each.isOurs())) return;
    for (const each of this.replaced) each.undo();
    Reflect.deleteProperty(this.nest, FRONT);
  }

  /**
   * A tap's own logger was called. @returns whether by the logger of the app, which hands on to it: it is then the
   * one that streams the line
   */
  isHandedOn(tap: LoggerTap): boolean {
    if (!this.running) return false;
    (this.running.taken ??= new Set()).add(tap);
    return true;
  }

  private readonly tee = (target: LoggerService | undefined): LoggerService | undefined => {
    // A `Logger` in the place of the logger asks for the one behind, and so comes back here.
    if (this.taps.size === 0 || target instanceof this.nest) return target;
    if (!target) return this.silent;
    let tee = this.tees.get(target);
    if (!tee) {
      tee = teeOf(target, (level, args, entrance) => this.pass(target, level, args, entrance));
      this.tees.set(target, tee);
    }
    return tee;
  };

  private pass(
    target: LoggerService | undefined,
    level: NestLogLevel,
    received: readonly unknown[],
    entrance: Entrance,
  ): unknown {
    const args = evaluateOnce(received, this.outside);
    const before = this.running;
    const call: RunningCall = { taken: undefined };
    this.running = call;
    this.depth += 1;
    try {
      // What it throws or returns is between the app and its logger, as it was.
      return (target?.[level] as Method | undefined)?.apply(target, args as unknown[]);
    } finally {
      this.running = before;
      this.offer(call, target, level, args, entrance);
      this.depth -= 1;
    }
  }

  private offer(
    { taken }: RunningCall,
    target: LoggerService | undefined,
    level: NestLogLevel,
    args: readonly unknown[],
    entrance: Entrance,
  ): void {
    let passing: PassingCall | undefined;
    for (const tap of this.taps) {
      if (!tap.wanted || taken?.has(tap) || (target && tap.has(target))) continue;
      if (!passing) {
        if (!this.levels.isOn(target, level)) return;
        const facade = this.depth === 1 ? (this.nest.prototype[level] as Entrance) : undefined;
        passing = { level, args, entrance, facade, context: contextOf(target) };
      }
      tap.take(passing);
    }
  }

  /** Runs a lazy message: what it logs is the application's own. */
  private readonly outside = (lazy: () => unknown): unknown => {
    const before = this.running;
    this.running = undefined;
    try {
      return lazy();
    } finally {
      this.running = before;
    }
  };
}

/** One property of Nest's `Logger` in whose place there is ours. */
interface Replacement {
  isOurs(): boolean;
  undo(): void;
}

function replace(
  owner: object,
  name: string,
  by: (original: PropertyDescriptor) => PropertyDescriptor,
): Replacement {
  const original = Object.getOwnPropertyDescriptor(owner, name)!;
  const ours = { ...original, ...by(original) };
  Object.defineProperty(owner, name, ours);
  return {
    isOurs: () => {
      const now = Object.getOwnPropertyDescriptor(owner, name);
      return now !== undefined && now.get === ours.get && now.value === ours.value;
    },
    undo: () => void Object.defineProperty(owner, name, original),
  };
}
