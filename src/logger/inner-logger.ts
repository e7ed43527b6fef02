import { type LoggerService, type LogLevel } from '@nestjs/common';
import { innerLoggerThrew } from './logger.messages.js';

/**
 * The logger that the application had before: gets every call with the arguments as they came, so that what
 * it prints does not change by a byte, and cannot hurt the caller.
 */
export class InnerLogger {
  private readonly target: LoggerService | undefined;
  private forwarding = false;
  private failed = 0;

  constructor(target: LoggerService | false) {
    this.target = target || undefined;
  }

  /** Calls that the inner logger answered by throwing or by a rejected promise. */
  get failures(): number {
    return this.failed;
  }

  forward(level: LogLevel, args: readonly unknown[]): void {
    // An inner logger that logs through Nest's Logger would come back here for ever.
    if (!this.target || this.forwarding) return;
    this.forwarding = true;
    try {
      const [message, ...optionalParams] = args;
      const result: unknown = this.target[level]?.(message, ...optionalParams);
      if (result instanceof Promise) result.catch((error: unknown) => this.fail(error));
    } catch (error) {
      this.fail(error);
    } finally {
      this.forwarding = false;
    }
  }

  /** Runs code of the application on behalf of the inner logger: what it logs is not the inner logger's own. */
  readonly outside = <T>(call: () => T): T => {
    const { forwarding } = this;
    this.forwarding = false;
    try {
      return call();
    } finally {
      this.forwarding = forwarding;
    }
  };

  setLogLevels(levels: LogLevel[]): void {
    try {
      this.target?.setLogLevels?.(levels);
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    this.failed += 1;
    if (this.failed === 1) process.emitWarning(innerLoggerThrew(error), 'LogStreamWarning');
  }
}
