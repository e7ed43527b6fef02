import { Inject, Injectable, Optional } from '@nestjs/common';
import { AuditDeferredError } from './audit-deferred.error.js';
import { type AuditEvent, type AuditReceipt } from '../audit-event.js';
import { AuditHealth } from './audit-health.js';
import { AuditRedactor } from './audit-redactor.js';
import { AuditSink } from './audit-sink.js';
import { AuditUnavailableError } from './audit-unavailable.error.js';
import { auditIsStillDown, closedNeedsDurableSink } from '../audit.messages.js';
import { DeadlineExceeded, inTime } from './deadline.js';

/** Hands events, without their secrets, to the sink that is bound, and tells {@link AuditHealth} what came of it. */
@Injectable()
export class AuditDelivery {
  constructor(
    @Inject(AuditSink) private readonly sink: AuditSink,
    @Inject(AuditHealth) private readonly health: AuditHealth,
    @Optional() @Inject(AuditRedactor) private readonly redactor?: AuditRedactor,
  ) {}

  get durable(): boolean {
    return this.sink.durable;
  }

  get deadlineMs(): number {
    return this.sink.deadlineMs;
  }

  /** Rejects with what the sink rejects with. */
  record(event: AuditEvent): Promise<AuditReceipt> {
    return this.watched(() => this.sink.record(this.sink.redacts ? event : this.redacted(event)), 'lost');
  }

  /**
   * For those who must not go on without the record.
   *
   * @throws AuditUnavailableError when it was not acknowledged in time
   */
  recordOrRefuse(event: AuditEvent): Promise<AuditReceipt> {
    return this.orRefuse(async () => {
      if (!this.durable) throw new TypeError(closedNeedsDurableSink());
      return this.beforeDeadline(this.record(event));
    });
  }

  /**
   * Waits for a record that is on its way, no longer than the deadline.
   *
   * @returns a promise that never rejects
   */
  async settled(record: Promise<unknown>): Promise<void> {
    await this.beforeDeadline(record).catch(() => undefined);
  }

  /** @throws AuditUnavailableError when the intent is not durable in time, and at once while the sink is known to fail */
  intendOrRefuse(intent: () => Promise<AuditEvent>): Promise<AuditReceipt> {
    return this.orRefuse(async () => {
      if (!this.durable) throw new TypeError(closedNeedsDurableSink());
      if (!this.health.isUp) throw new Error(auditIsStillDown(this.health.check().lastError ?? ''));
      const event = await intent();
      return this.beforeDeadline(this.intend(event));
    });
  }

  private async intend(event: AuditEvent): Promise<AuditReceipt> {
    this.health.intended(event.id);
    try {
      return await this.watched(() => this.sink.intend(this.redacted(event)));
    } catch (error) {
      this.health.concluded(event.id);
      throw error;
    }
  }

  private redacted(event: AuditEvent): AuditEvent {
    return this.redactor?.redacted(event) ?? event;
  }

  private async orRefuse(work: () => Promise<AuditReceipt>): Promise<AuditReceipt> {
    try {
      return await work();
    } catch (error) {
      this.health.refused();
      throw error instanceof AuditUnavailableError ? error : new AuditUnavailableError(error);
    }
  }

  private async beforeDeadline<T>(promise: Promise<T>): Promise<T> {
    try {
      return await inTime(promise, this.deadlineMs);
    } catch (error) {
      if (error instanceof DeadlineExceeded) this.health.failed(error, 'late');
      throw error;
    }
  }

  /** @param cost what is lost with a failure: a call without an intent is refused, so nothing is */
  private async watched(work: () => Promise<AuditReceipt>, cost?: 'lost'): Promise<AuditReceipt> {
    try {
      const receipt = await work();
      this.health.kept();
      return receipt;
    } catch (error) {
      this.health.failed(error, error instanceof AuditDeferredError ? undefined : cost);
      throw error;
    }
  }
}
