import { ConsoleLogger, type LoggerService, type LogLevel } from '@nestjs/common';
import { AsyncLocalStorage } from 'node:async_hooks';
import { innerLoggerThrew } from './logger.messages.js';
import { leadsTo, outputOf } from './logger-output.js';
import { currentLogger, type NestLogger } from './nest-logger.js';

/**
 * The logger behind ours: gets every call with the arguments as they came, so that what it prints does not change by
 * a byte, and cannot hurt the caller.
 */
export class InnerLogger {
  /** Whether the app has named it, by the option `logger`. */
  readonly isGiven: boolean;
  /** The one that the app has named, else the one that it had, last seen, before ours took its place. */
  private target: LoggerService | undefined;
  private nest: NestLogger | undefined;
  private forwarding = false;
  /** True in what the inner logger does later, as after an `await`: it goes with the asynchronous context. */
  private readonly led = new AsyncLocalStorage<boolean>();
  private failed = 0;

  /**
   * @param given by the app; `false` for none, `undefined` for the one that Nest uses otherwise
   * @param owner the logger that this one is behind, which Nest may come to use
   */
  constructor(
    given: LoggerService | false | undefined,
    private readonly owner: LoggerService,
  ) {
    this.isGiven = given !== undefined;
    this.target = given === undefined ? currentLogger() : given || undefined;
  }

  /** @param nest whose logger is meant, where the app has another copy of Nest than this package */
  follow(nest: NestLogger): void {
    this.nest = nest;
    if (!this.isGiven) this.look();
  }

  /** Where calls go on to; `undefined` for nowhere. */
  get next(): LoggerService | undefined {
    if (!this.isGiven) this.look();
    return this.target;
  }

  /** Calls that the inner logger answered by throwing or by a rejected promise. */
  get failures(): number {
    return this.failed;
  }

  /** @param isHandedOn whether the logger that Nest uses now is the caller: it must not get the line again */
  forward(level: LogLevel, args: readonly unknown[], isHandedOn = false): void {
    if (!this.isGiven && !isHandedOn) this.look();
    // An adopted one may stream by itself, to another app.
    const target = this.isGiven ? this.target : outputOf(this.target);
    if (!target) return;
    // Nest's own console is synchronous and logs nothing itself: following it would cost each call for nothing.
    const isFollowed = Object.getPrototypeOf(target) !== ConsoleLogger.prototype;
    // An inner logger that logs through Nest's Logger would come back here for ever.
    if (this.forwarding || (isFollowed && this.led.getStore())) return;
    this.forwarding = true;
    try {
      const result = isFollowed
        ? this.led.run(true, () => callLogger(target, level, args))
        : callLogger(target, level, args);
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
      return this.led.getStore() ? this.led.run(false, call) : call();
    } finally {
      this.forwarding = forwarding;
    }
  };

  setLogLevels(levels: LogLevel[]): void {
    try {
      (this.isGiven ? this.next : outputOf(this.next))?.setLogLevels?.(levels);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Which logger Nest uses now, unless that is ours or one that hands on to it. */
  private look(): void {
    const current = currentLogger(this.nest);
    if (!leadsTo(current, this.owner)) this.target = current;
  }

  private fail(error: unknown): void {
    this.failed += 1;
    if (this.failed === 1) process.emitWarning(innerLoggerThrew(error), 'LogStreamWarning');
  }
}

function callLogger(target: LoggerService, level: LogLevel, args: readonly unknown[]): unknown {
  return target[level]?.(...(args as [message: unknown, ...optionalParams: unknown[]]));
}
