import { Injectable, Logger } from '@nestjs/common';
import { auditIsDown, auditIsUp } from '../audit.messages.js';
import { textOf } from '../describe/text-of.js';

/**
 * How auditing is doing, at one moment. Counts run from the start of the process.
 *
 * @publicApi
 */
export interface AuditHealthReport {
  /** While it is `down`, every call with `failure: 'closed'` is refused. */
  readonly status: 'up' | 'down';
  /** When it came to this status: UTC, ISO 8601, with milliseconds. */
  readonly since: string;
  /** Text of the last failure; stays when auditing works again. */
  readonly lastError?: string;
  /** Intents whose call has no recorded outcome yet: mostly calls that are under way. */
  readonly pendingIntents: number;
  /** Records that could not be kept. */
  readonly lost: number;
  /** Intents and outcomes that were not acknowledged within the deadline; they may have been stored after it. */
  readonly late: number;
  /** Calls that were refused. */
  readonly refused: number;
}

/**
 * Whether records can be kept. It goes down when the sink loses a record or misses a deadline, and up again as soon as
 * the sink has acknowledged another one. A sink that knows more than that says so with {@link down} and {@link up}.
 *
 * @publicApi
 */
@Injectable()
export class AuditHealth {
  private readonly logger = new Logger('LogStreamModule');
  private since = new Date();
  private lastError: string | undefined;
  /** Seen from outside: ends with the next record that the sink acknowledges. */
  private hasFailed = false;
  /** Said by the sink: ends when it says so. */
  private isClosedBySink = false;
  private readonly intents = new Set<string>();
  private readonly counts = { lost: 0, late: 0, refused: 0 };

  get isUp(): boolean {
    return !this.hasFailed && !this.isClosedBySink;
  }

  check(): AuditHealthReport {
    const { lastError, intents, counts } = this;
    return {
      status: this.isUp ? 'up' : 'down',
      since: this.since.toISOString(),
      ...(lastError !== undefined && { lastError }),
      pendingIntents: intents.size,
      ...counts,
    };
  }

  /** For a sink: it cannot keep anything, until it calls {@link up}. */
  down(error: unknown): void {
    this.change(error, () => (this.isClosedBySink = true));
  }

  /** For a sink: it works, whatever failed before. */
  up(): void {
    this.change(undefined, () => (this.isClosedBySink = this.hasFailed = false));
  }

  /** @internal a record was acknowledged */
  kept(): void {
    if (this.hasFailed) this.change(undefined, () => (this.hasFailed = false));
  }

  /** @internal the sink has failed, and what that cost */
  failed(error: unknown, cost?: 'lost' | 'late'): void {
    if (cost) this.counts[cost] += 1;
    this.change(error, () => (this.hasFailed = true));
  }

  /** @internal a record was lost before the sink saw it */
  missed(error: unknown): void {
    this.counts.lost += 1;
    this.lastError = textOf(error);
  }

  /** @internal a call was refused */
  refused(): void {
    this.counts.refused += 1;
  }

  /** @internal an intent is on its way to the sink */
  intended(id: string): void {
    this.intents.add(id);
  }

  /** @internal an intent was refused, or its call's outcome has been recorded */
  concluded(id: string): void {
    this.intents.delete(id);
  }

  private change(error: unknown, apply: () => void): void {
    const wasUp = this.isUp;
    if (error !== undefined) this.lastError = textOf(error);
    apply();
    if (wasUp === this.isUp) return;
    this.since = new Date();
    if (wasUp) this.logger.error(auditIsDown(this.lastError ?? ''));
    else this.logger.log(auditIsUp());
  }
}
