import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { types } from 'node:util';
import { type LogCall } from '../record/log-call.js';
import { unreadable } from './logger.messages.js';

/** What one call said, after Nest's own reading of its arguments. */
export interface ReadCall extends LogCall {
  /** Messages behind the first one: each is a record of its own. */
  readonly further: readonly unknown[];
}

const NONE: readonly unknown[] = [];

/**
 * Reads the arguments of a log call: several messages, trailing context, stack, structured params, lazy
 * messages, and which levels are on (`setLogLevels`, `NEST_LOG_LEVEL`).
 *
 * It *is* Nest's `ConsoleLogger` with its last step replaced: the rules are Nest's, of the installed version,
 * and cannot drift from what the console shows.
 */
export class ArgumentReader extends ConsoleLogger {
  /** The text that `ConsoleLogger` prints for a message, without colours. */
  readonly text = (message: unknown): string => this.stringifyMessage(message, 'log');
  private latest: ReadCall | undefined;

  constructor() {
    super({ colors: false });
  }

  /** @returns `undefined` when the level is off */
  read(level: LogLevel, args: readonly unknown[]): ReadCall | undefined {
    try {
      if (!isUsual(level, args)) return this.readAsNest(level, args);
      return this.isLevelEnabled(level) ? this.readUsual(level, args) : undefined;
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

  protected override resolveMessage(message: unknown): unknown {
    try {
      return super.resolveMessage(message);
    } catch (error) {
      return unreadable(error);
    }
  }

  protected override extractJsonError(messages: unknown[]): { messages: unknown[]; error?: Error } {
    try {
      return super.extractJsonError(messages);
    } catch {
      return super.extractJsonError(
        messages.map((message) =>
          isReadable(() => super.extractJsonError([message]))
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
    // Lazy messages may log themselves and so come through here: `latest` is set after they have run.
    const resolved = this.extractJsonError(messages.map((message) => this.resolveMessage(message)));
    const [message, ...further] = resolved.messages;
    this.latest = {
      level,
      context: context || undefined,
      message,
      text: this.text,
      error: resolved.error,
      stack: typeof stack === 'string' && stack !== '' ? stack : undefined,
      params,
      further,
    };
  }

  protected override printStackTrace(): void {
    // The stack travels with the record.
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
    this[level](message, ...optionalParams);
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
