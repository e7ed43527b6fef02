import { type LoggerService } from '@nestjs/common';
import { type ResolvedLogStreamOptions } from '../options/resolved-options.js';
import { ArgumentReader } from './argument-reader.js';
import { CallerBudget } from './caller-budget.js';
import { CallerLocator } from './caller-locator.js';
import {
  AUDIT_ENVELOPE,
  type AuditEnvelope,
  type CallerLocation,
  type LogCall,
  type NestLogLevel,
} from '../record/log-call.js';
import { type KeptEntry } from '../record/kept-entry.js';
import { type LoggerTap } from './logger-front.js';
import { streamsInto } from './logger-output.js';
import { type PassingCall } from './logger-tee.js';
import { type Entrance } from './stack.js';
import { type LogSink } from './log-sink.js';
import { callNotStreamed } from './logger.messages.js';

/** Levels whose callers have a budget of their own: WARNING and above. */
const IMPORTANT: ReadonlySet<NestLogLevel> = new Set(['warn', 'error', 'fatal']);

/** Makes records of the stream out of the calls of a logger. No method throws. */
export class StreamTap implements LoggerTap {
  private readonly reader = new ArgumentReader();
  private readonly locator = new CallerLocator();
  private readonly budget = new CallerBudget();
  private lost = 0;

  constructor(
    private readonly sink: LogSink,
    private readonly caller: ResolvedLogStreamOptions['caller'],
  ) {}

  get wanted(): boolean {
    return this.sink.wanted;
  }

  /** Calls that could not be streamed. */
  get failures(): number {
    return this.lost;
  }

  has(logger: LoggerService): boolean {
    return streamsInto(logger, this.sink);
  }

  take({ level, args, entrance, facade, context }: PassingCall): void {
    try {
      const read = this.reader.read(level, args);
      if (!read) return;
      const call = read.context === undefined && context ? { ...read, context } : read;
      const time = Date.now();
      const caller = this.locate(level, time, entrance, facade);
      const audit = envelopeOf(args);
      this.publish(call, caller, audit, time);
      for (const message of call.further) {
        this.publish({ ...call, message, error: undefined }, caller, audit, time);
      }
    } catch (error) {
      this.lose(error);
    }
  }

  /** A line whose parts are known, without guessing at arguments. Audit records carry no caller on the wire. */
  write(call: Omit<LogCall, 'text'>, audit: AuditEnvelope | undefined): Promise<KeptEntry> | undefined {
    return this.publish({ ...call, text: this.reader.text }, undefined, audit);
  }

  private publish(
    call: LogCall,
    caller?: CallerLocation,
    audit?: AuditEnvelope,
    time?: number,
  ): Promise<KeptEntry> | undefined {
    try {
      return this.sink.accept(call, caller, audit, time);
    } catch (error) {
      this.lose(error);
      return undefined;
    }
  }

  private locate(
    level: NestLogLevel,
    time: number,
    entrance: Entrance,
    facade: Entrance | undefined,
  ): CallerLocation | undefined {
    const { sink, budget, locator } = this;
    switch (this.caller) {
      case 'never':
        return undefined;
      case 'watched':
        return sink.watched ? locator.locate(entrance, facade) : undefined;
      case 'budget': {
        if (sink.callerExpected) return locator.locate(entrance, facade);
        if (!budget.take(time, sink.watched, IMPORTANT.has(level))) return undefined;
        if (!budget.isMeasured) return locator.locate(entrance, facade);
        const started = performance.now();
        const location = locator.locate(entrance, facade);
        budget.measured(performance.now() - started);
        return location;
      }
      case 'always':
        return locator.locate(entrance, facade);
    }
  }

  private lose(error: unknown): void {
    this.lost += 1;
    if (this.lost === 1) process.emitWarning(callNotStreamed(error), 'LogStreamWarning');
  }
}

function envelopeOf(args: readonly unknown[]): AuditEnvelope | undefined {
  for (const arg of args) {
    if (typeof arg !== 'object' || arg === null) continue;
    try {
      if (AUDIT_ENVELOPE in arg) return arg[AUDIT_ENVELOPE] as AuditEnvelope;
    } catch {
      // A proxy that refuses to answer carries none.
    }
  }
  return undefined;
}
