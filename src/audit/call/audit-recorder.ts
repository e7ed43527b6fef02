import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { type AuditActor } from '../describe/actor.js';
import { AuditActors } from '../describe/audit-actors.js';
import { AuditDeferredError } from '../deliver/audit-deferred.error.js';
import { AuditDelivery } from '../deliver/audit-delivery.js';
import { type AuditReceipt } from '../audit-event.js';
import { AuditHealth } from '../deliver/audit-health.js';
import { recordLost, stillPendingAtShutdown, tookTooLong } from '../audit.messages.js';
import { type AuditSubject, type CallReport } from '../describe/call-report.js';
import { eventOfIntent, type AuditIntent } from '../describe/event-of-intent.js';
import { eventOfReport, intentOfReport } from '../describe/event-of-report.js';
import { type Extraction } from '../describe/extraction.js';
import { Timers } from './timers.js';
import { UuidV7 } from '../../record/record-id.js';

/** How long a record waits for what the application's extractors promised, in milliseconds. */
const PATIENCE_MS = 5_000;

/** From when on a stream is long, in milliseconds: beyond what a request usually takes. */
const LONG_STREAM_MS = 10_000;

/** Makes the records of the calls that `@Audit` follows, and hands them to the sink. */
@Injectable()
export class AuditRecorder implements BeforeApplicationShutdown {
  private readonly longStreams = new Timers();
  private readonly waiting = new Set<(why: string) => void>();
  private lost = 0;

  constructor(
    @Inject(AuditDelivery) private readonly delivery: AuditDelivery,
    @Inject(AuditHealth) private readonly health: AuditHealth,
    @Inject(AuditActors) private readonly actors: AuditActors,
    @Inject(UuidV7) private readonly ids: UuidV7,
  ) {}

  /** Records that never reached the sink, or that it refused. 0 in a healthy app. */
  get failures(): number {
    return this.lost;
  }

  /**
   * @param recordStart called when a stream that starts now is still there after {@link LONG_STREAM_MS}
   * @returns stops waiting for that
   */
  whenLong(recordStart: () => void): () => void {
    return this.longStreams.after(LONG_STREAM_MS, recordStart);
  }

  actorOf({ method: { action }, options, context }: AuditSubject): Extraction<AuditActor | undefined> {
    return this.actors.ask({ action, context }, options.actor);
  }

  /**
   * Makes the intent of a call durable, before the call begins.
   *
   * @param handsOver told the intent's id just before the sink gets it; when it throws, the sink does not
   * @throws AuditUnavailableError when the call must not begin
   */
  async intend(report: CallReport, handsOver: (id: string) => void): Promise<void> {
    await this.delivery.intendOrRefuse(async () => {
      await this.ready(report, this.delivery.deadlineMs);
      const id = this.ids.next();
      handsOver(id);
      return intentOfReport(id, report);
    });
  }

  /**
   * Hands over the record of a call: at once, or when the extractors that promised something have kept their word, at
   * most {@link PATIENCE_MS} later.
   *
   * @returns the id of the record
   */
  record(report: CallReport): string | undefined {
    if (report.draft.isSkipped) return undefined;
    const id = this.ids.next();
    const waiting = this.ready(report);
    if (waiting) void waiting.then(() => this.handOver(id, report));
    else void this.handOver(id, report);
    return id;
  }

  /**
   * The same for a call with `failure: 'closed'`, whose caller must not see the result before its outcome is durable.
   *
   * @returns a promise that never rejects: it resolves when the outcome is durable or cannot be made so in time
   */
  async recordOutcome(report: CallReport): Promise<void> {
    const { intentId, hasBegun } = report;
    const waiting = this.ready(report, this.delivery.deadlineMs);
    if (waiting) await waiting;
    const handedOver = this.handOver(this.ids.next(), report);
    if (intentId !== undefined) void handedOver.then(() => this.health.concluded(intentId));
    // A sink that is known to fail is waited for only when a handler has run.
    if (hasBegun || this.health.isUp) await this.delivery.settled(handedOver);
  }

  /**
   * For a durable sink, after a restart: records that the calls of these intents, which have no outcome, were cut off
   * by the end of the process (`unknown`, `crashed`).
   *
   * @returns the receipts of the records, in the order of the intents; rejects when one of them could not be kept
   */
  recoverIntents(intents: readonly AuditIntent[]): Promise<readonly AuditReceipt[]> {
    return Promise.all(intents.map((intent) => this.delivery.record(eventOfIntent(this.ids.next(), intent))));
  }

  /** Runs our own work inside of an application's call, which it must not disturb. */
  guarded<T>(subject: AuditSubject, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.health.missed(error);
      this.lose(subject, error);
      return undefined;
    }
  }

  beforeApplicationShutdown(): void {
    this.longStreams.stop();
    for (const giveUp of this.waiting) giveUp(stillPendingAtShutdown());
  }

  /** @returns a promise that never rejects */
  private async handOver(id: string, report: CallReport): Promise<void> {
    const event = this.guarded(report.subject, () => eventOfReport(id, report));
    try {
      if (event) await this.delivery.record(event);
    } catch (error) {
      if (!(error instanceof AuditDeferredError)) this.lose(report.subject, error);
    }
  }

  /** @returns `undefined` when nothing is missing */
  private ready({ draft, actor }: CallReport, patienceMs = PATIENCE_MS): Promise<void> | undefined {
    const extractions = [draft.metadata, draft.targets, actor];
    const pending = extractions.flatMap((extraction) => extraction.pending ?? []);
    return pending.length > 0 ? this.waitFor(pending, extractions, patienceMs) : undefined;
  }

  private async waitFor(
    pending: readonly Promise<void>[],
    extractions: readonly Extraction<unknown>[],
    patienceMs: number,
  ): Promise<void> {
    await new Promise<void>((resolve) => {
      const giveUp = (why: string): void => {
        for (const extraction of extractions) extraction.giveUp(why);
        settle();
      };
      const timer = setTimeout(giveUp, patienceMs, tookTooLong(patienceMs)).unref();
      const settle = (): void => {
        clearTimeout(timer);
        this.waiting.delete(giveUp);
        resolve();
      };
      this.waiting.add(giveUp);
      void Promise.all(pending).then(settle);
    });
  }

  private lose({ method }: AuditSubject, error: unknown): void {
    this.lost += 1;
    if (this.lost === 1) process.emitWarning(recordLost(method.action, error), 'AuditWarning');
  }
}
