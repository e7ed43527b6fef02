import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { types } from 'node:util';
import { type LogCall } from '../record/log-call.js';
import { unreadable } from './logger.messages.js';
import { extractError, resolveAsNest11, splitParams } from './nest-11-arguments.js';

/** What one call said, after Nest's own reading of its arguments. */
export interface ReadCall extends LogCall {
  /** Messages behind the first one: each is a record of its own. */
  readonly further: readonly unknown[];
}

const NONE: readonly unknown[] = [];

type Params = Readonly<Record<string, unknown>> | undefined;

/** Nest 12 does. Told by what came with it, not by a version number. */
const READS_PARAMS = 'extractJsonError' in ConsoleLogger.prototype;

/**
 * Reads the arguments of a log call: several messages, trailing context, stack, structured params, lazy messages.
 *
 * It *is* Nest's `ConsoleLogger` with its last step replaced: the rules are Nest's, of the installed version,
 * and cannot drift from what the console shows. Nest 11 knows no structured params and prints them as messages of
 * their own; here they are params, as in Nest 12.
 */
export class ArgumentReader extends ConsoleLogger {
  /** The text that `ConsoleLogger` prints for a message, without colours. */
  readonly text = (message: unknown): string => this.stringifyMessage(message, 'log');
  private latest: ReadCall | undefined;
  /** What Nest 11 does not tell {@link printMessages}. */
  private readonly nest11 = READS_PARAMS
    ? undefined
    : { level: 'log' as LogLevel, params: undefined as Params };

  constructor() {
    super({ colors: false });
  }

  /** Whether the level is on is for who asks to know. */
  read(level: LogLevel, args: readonly unknown[]): ReadCall | undefined {
    try {
      return isUsual(level, args) ? this.readUsual(level, args) : this.readAsNest(level, args);
    } catch {
      // Nest's logger would throw at the caller. The line is worth more than the argument that spoils it.
      return this.readAsNest(
        level,
        args.map((arg) =>
          isReadable(() => this.getContextAndMessagesToPrint(['', arg, ''])) ? arg : readableParts(arg),
        ),
      );
    }
  }

  override isLevelEnabled(): boolean {
    return true;
  }

  protected override resolveMessage(message: unknown): unknown {
    try {
      return READS_PARAMS ? super.resolveMessage(message) : resolveAsNest11(message);
    } catch (error) {
      return unreadable(error);
    }
  }

  protected override extractJsonError(messages: unknown[]): { messages: unknown[]; error?: Error } {
    try {
      return this.extractError(messages);
    } catch {
      return this.extractError(
        messages.map((message) =>
          isReadable(() => this.extractError([message]))
            ? message
            : this.resolveMessage(readableParts(message)),
        ),
      );
    }
  }

  protected override printMessages(
    messages: unknown[],
    context?: string,
    level: LogLevel = 'log',
    _stream?: 'stdout' | 'stderr',
    stack?: unknown,
    params?: Record<string, unknown>,
  ): void {
    const { nest11 } = this;
    const known = nest11 ? { ...nest11 } : { level, params };
    // Lazy messages may log themselves and so come through here: `latest` is set after they have run.
    const resolved = this.extractJsonError(messages.map((message) => this.resolveMessage(message)));
    const [message, ...further] = resolved.messages;
    this.latest = {
      ...known,
      context: context || undefined,
      message,
      text: this.text,
      error: resolved.error,
      stack: typeof stack === 'string' && stack !== '' ? stack : undefined,
      further,
    };
  }

  protected override printStackTrace(): void {
    // The stack travels with the record.
  }

  protected override getContextAndMessagesToPrint(
    args: unknown[],
  ): ReturnType<ConsoleLogger['getContextAndMessagesToPrint']> {
    const read = super.getContextAndMessagesToPrint(args);
    if (!this.nest11) return read;
    const { messages, params } = splitParams(read.messages);
    this.nest11.params = params;
    return { ...read, messages };
  }

  private extractError(messages: unknown[]): { messages: unknown[]; error?: Error } {
    const read = READS_PARAMS ? super.extractJsonError(messages) : { messages };
    // Nest tells errors by `instanceof`, and so only those of its own realm: not all in jest, and none of `node:vm`.
    return read.error ? read : extractError(messages);
  }

  /** Reads a call that {@link isUsual}, as Nest does; a test compares the two. */
  private readUsual(level: LogLevel, args: readonly unknown[]): ReadCall {
    const last = args.length > 1 ? args[args.length - 1] : undefined;
    return {
      level,
      context: typeof last === 'string' && last !== '' ? last : undefined,
      message: args[0],
      text: this.text,
      error: undefined,
      stack: undefined,
      params: typeof args[1] === 'object' ? Object.assign({} as Record<string, unknown>, args[1]) : undefined,
      further: NONE,
    };
  }

  private readAsNest(level: LogLevel, args: readonly unknown[]): ReadCall | undefined {
    this.latest = undefined;
    const [message, ...optionalParams] = args;
    if (!this.nest11) {
      this[level](message, ...optionalParams);
      return this.latest;
    }
    this.nest11.level = level;
    this.nest11.params = undefined;
    // Nest 11 looks for a stack in the arguments of `error` only, and takes that of a `fatal` for its context.
    this[level === 'fatal' ? 'error' : level](message, ...optionalParams);
    return this.latest;
  }
}

/**
 * Whether a call is one of those that make up nearly all: a text, perhaps one plain object, perhaps a context. There
 * is nothing to interpret in them, and Nest's reading costs more than the rest of the record.
 */
function isUsual(level: LogLevel, args: readonly unknown[]): boolean {
  // A second text may be a stack.
  if (level === 'error' || level === 'fatal' || typeof args[0] !== 'string') return false;
  switch (args.length) {
    case 1:
      return true;
    case 2:
      return typeof args[1] === 'string' || isPlain(args[1]);
    case 3:
      return typeof args[2] === 'string' && isPlain(args[1]);
    default:
      return false;
  }
}

function isPlain(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isReadable(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

/** What can be read of an object some of whose parts throw: an error without its message, fields, or a text. */
function readableParts(arg: unknown): unknown {
  if (types.isNativeError(arg)) return Object.create(arg, { message: { value: '[Unreadable]' } });
  try {
    return Object.fromEntries(Object.keys(arg as object).map((key) => [key, fieldOf(arg as object, key)]));
  } catch (error) {
    // Not the text itself, which could be taken for the context of the call.
    return () => unreadable(error);
  }
}

function fieldOf(source: object, key: string): unknown {
  try {
    return (source as Record<string, unknown>)[key];
  } catch (error) {
    return unreadable(error);
  }
}
