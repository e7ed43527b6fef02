import { ConsoleLogger, type LogLevel } from '@nestjs/common';

/** What one call said, after Nest's own reading of its arguments. */
export interface ReadArguments {
  readonly level: LogLevel;
  readonly messages: readonly unknown[];
  readonly context: string | undefined;
  /** A stack that was passed as text. */
  readonly stack: string | undefined;
  readonly params: Readonly<Record<string, unknown>> | undefined;
  /** The first `Error` among the messages; where it was the message itself, the message is now its text. */
  readonly error: Error | undefined;
}

/**
 * Reads the arguments of a log call: several messages, trailing context, stack, structured params, lazy
 * messages, and which levels are on (`setLogLevels`, `NEST_LOG_LEVEL`).
 *
 * It *is* Nest's `ConsoleLogger` with its last step replaced: the rules are Nest's, of the installed version,
 * and cannot drift from what the console shows.
 */
export class ArgumentReader extends ConsoleLogger {
  private latest: ReadArguments | undefined;

  constructor() {
    super({ colors: false });
  }

  /** @returns `undefined` when the level is off */
  read(level: LogLevel, args: readonly unknown[]): ReadArguments | undefined {
    this.latest = undefined;
    const [message, ...optionalParams] = args;
    this[level](message, ...optionalParams);
    return this.latest;
  }

  /** The text that `ConsoleLogger` prints for a message, without colours. */
  text(message: unknown): string {
    return this.stringifyMessage(message, 'log');
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
    this.latest = {
      level,
      messages: resolved.messages,
      context: context || undefined,
      stack: typeof stack === 'string' && stack !== '' ? stack : undefined,
      params,
      error: resolved.error,
    };
  }

  protected override printStackTrace(): void {
    // The stack travels with the record.
  }
}
