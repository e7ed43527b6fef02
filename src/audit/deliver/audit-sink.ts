import { type AuditEvent, type AuditReceipt } from '../audit-event.js';
import { sinkKeepsNoIntents } from '../audit.messages.js';

/**
 * Port through which every audit record of `AuditLogger` and `@Audit` leaves: to the log stream, or with the option
 * `trail` through it to the trail. Who only wants to see them subscribes to `LogStream.records$`; a test puts a sink of
 * its own in place by `overrideProvider(AuditSink)`.
 *
 * @publicApi
 */
export abstract class AuditSink {
  /**
   * True when what {@link record} and {@link intend} have acknowledged survives the end of the process. Calls with
   * `failure: 'closed'` are refused without it, and an app with such methods does not start.
   */
  readonly durable: boolean = false;

  /** How long a call with `failure: 'closed'` waits for {@link intend}, and then for {@link record}, in milliseconds. */
  readonly deadlineMs: number = 5_000;

  /**
   * True when {@link record} does nothing with an event but pass it on to the log stream, which takes the secrets out of
   * it. Every other sink gets events without secrets, as plain JSON values and within `RECORD_LIMITS`; an intent is
   * always handed over like that.
   */
  readonly redacts: boolean = false;

  /**
   * Takes one record.
   *
   * @returns a promise that resolves when the record is as safe as this sink can make it, and rejects when it
   * is not: with an `AuditDeferredError` when it will be. Nobody but the caller of `AuditLogger` ever sees the rejection.
   */
  abstract record(event: AuditEvent): Promise<AuditReceipt>;

  /**
   * Takes what a call with `failure: 'closed'` is about to do, before it does it. The record of its outcome follows
   * through {@link record} and names this event's id in the field `intent`; a call without one has not ended, or has
   * crashed: see `AuditRecorder.recoverIntents()`.
   *
   * @returns a promise that resolves once the intent is durable. When it rejects, or gives no answer within
   * {@link deadlineMs}, the call is refused.
   */
  intend(_event: AuditEvent): Promise<AuditReceipt> {
    return Promise.reject(new Error(sinkKeepsNoIntents()));
  }
}
