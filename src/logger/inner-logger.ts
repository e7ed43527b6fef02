import { ConsoleLogger, type LoggerService, type LogLevel } from '@nestjs/common';
import { AsyncLocalStorage } from 'node:async_hooks';
import { innerLoggerThrew } from './logger.messages.js';

/**
 * The logger that the application had before: gets every call with the arguments as they came, so that what
 * it prints does not change by a byte, and cannot hurt the caller.
 */
export class InnerLogger {
  private readonly target: LoggerService | undefined;
  /** Nest's own console is synchronous and logs nothing itself: following it would cost each call for nothing. */
  private readonly followed: boolean;
  private forwarding = false;
  /** True in what the inner logger does later, as after an `await`: it goes with the asynchronous context. */
  private readonly led = new AsyncLocalStorage<boolean>();
  private failed = 0;

  constructor(target: LoggerService | false) {
    this.target = target || undefined;
    this.followed = target !== false && Object.getPrototypeOf(target) !== ConsoleLogger.prototype;
  }

  /** Calls that the inner logger answered by throwing or by a rejected promise. */
  get failures(): number {
    return this.failed;
  }

  forward(level: LogLevel, args: readonly unknown[]): void {
    // An inner logger that logs through Nest's Logger would come back here for ever.
    if (!this.target || this.forwarding || (this.followed && this.led.getStore())) return;
    this.forwarding = true;
    try {
      const result = this.followed
        ? this.led.run(true, () => this.callTarget(level, args))
        : this.callTarget(level, args);
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
      return this.followed ? this.led.run(false, call) : call();
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

  private callTarget(level: LogLevel, args: readonly unknown[]): unknown {
    return this.target?.[level]?.(...(args as [message: unknown, ...optionalParams: unknown[]]));
  }

  private fail(error: unknown): void {
    this.failed += 1;
    if (this.failed === 1) process.emitWarning(innerLoggerThrew(error), 'LogStreamWarning');
  }
}
