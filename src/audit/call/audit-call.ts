import { type AuditActor } from '../describe/actor.js';
import { AuditDraft } from '../describe/audit-draft.js';
import { type AuditedCall } from '../describe/audit-options.js';
import { type AuditRecorder } from './audit-recorder.js';
import { type AuditedMethod } from '../describe/audited-method.js';
import { type AuditSubject, type CallReport } from '../describe/call-report.js';
import { type Extraction } from '../describe/extraction.js';
import { Intent } from './intent.js';
import { ABORTED, failureAt, SUCCESS, type Conclusion } from '../describe/outcome.js';
import { platformObjectsOf } from '../describe/request.js';
import { isSkippedAhead } from './skipped-ahead.js';
import { snapshot } from '../describe/snapshot.js';

const NO_ARGS: readonly unknown[] = Object.freeze([]);

/**
 * One call of an audited method, from the moment we hear of it until its record is on its way. This one ends with the
 * method, as calls from within the application do; what Nest calls ends later, see `HandlerCall`.
 *
 * Nothing here throws: the methods are called from inside of the application's calls.
 */
export class AuditCall {
  private readonly startedAt = performance.now();
  private durationMs: number | undefined;
  private args: readonly unknown[] | undefined;
  private actor: Extraction<AuditActor | undefined> | undefined;
  private draft: AuditDraft | undefined;
  private isConcluded = false;
  private isBegun = false;
  private comesInParts = false;
  private startId: string | undefined;
  private forgetStream: (() => void) | undefined;
  private isExempt = false;
  private intent: Intent | undefined;
  private outcome: Promise<void> | undefined;

  constructor(
    readonly subject: AuditSubject,
    protected readonly recorder: AuditRecorder,
  ) {}

  /** False once the record is on its way: what comes now belongs to another call. */
  get isOpen(): boolean {
    return !this.isConcluded;
  }

  /** Class and method, for messages. */
  get where(): string {
    return `${this.subject.className}.${this.subject.method.name}`;
  }

  isOf(method: AuditedMethod): boolean {
    return this.subject.method === method;
  }

  /** Whether the method must not run, and its result not be seen, unless its record is durable. */
  get isClosed(): boolean {
    return this.subject.options.failure === 'closed' && !this.isExempt;
  }

  /** For a closed call that has ended: resolves, and never rejects, when its result may be seen. */
  get recorded(): Promise<void> | undefined {
    return this.outcome;
  }

  /** The method was called. What the record says of its arguments is fixed now, before it can change them. */
  enter(args: readonly unknown[]): void {
    this.identify();
    this.args = this.recorder.guarded(this.subject, () => this.copyOf(args)) ?? NO_ARGS;
    const { options, context } = this.subject;
    this.isExempt = options.failure === 'closed' && isSkippedAhead(options, this.args, context);
  }

  /**
   * Asks whether the method of a closed call may run.
   *
   * @throws AuditUnavailableError when it must not
   */
  async admit(): Promise<void> {
    this.intent ??= new Intent(this.recorder, this);
    try {
      await this.intent.declare(() => this.report(undefined));
    } catch (error) {
      this.threw(error);
      throw error;
    }
  }

  /** The method is about to run. */
  begin(): void {
    this.isBegun = true;
  }

  get hasBegun(): boolean {
    return this.isBegun;
  }

  /** What the method returned comes in parts, over time: perhaps for days, so a long one's start is recorded as well. */
  becomeStream(): void {
    if (this.comesInParts) return;
    this.comesInParts = true;
    this.forgetStream = this.recorder.whenLong(() => this.recordStart());
  }

  get isStream(): boolean {
    return this.comesInParts;
  }

  returned(result: unknown): void {
    this.methodEnds({ result }, SUCCESS);
  }

  threw(error: unknown): void {
    this.methodEnds({ error }, failureAt('method', error));
  }

  /** Whoever consumed the method's stream went away first. */
  abandoned(): void {
    this.methodEnds({}, ABORTED);
  }

  /** The method returned a stream that somebody else reads: its end is the method's end. */
  keepOpen(): void {}

  /** The call that one more subscription to this call's result is. */
  again(): AuditCall {
    if (this.intent?.take()) return this;
    const call = new AuditCall(this.subject, this.recorder);
    call.args = this.args;
    call.actor = this.actor;
    call.isExempt = this.isExempt;
    return call;
  }

  /** Who acts is asked for before the method runs: afterwards somebody may have logged out. */
  protected identify(): void {
    this.actor ??= this.recorder.actorOf(this.subject);
  }

  protected get isReached(): boolean {
    return this.args !== undefined;
  }

  /** The method ended, or its stream did; a retry ends more than once, and the last time counts. */
  protected methodEnded(conclusion: Conclusion): void {
    this.conclude(conclusion);
  }

  /** Ends the call: once, later endings are ignored. */
  protected conclude(conclusion: Conclusion): void {
    if (this.isConcluded) return;
    this.isConcluded = true;
    this.forgetStream?.();
    this.outcome = this.recorder.guarded(this.subject, () => this.handOver(this.report(conclusion)));
  }

  /** Records that the call has begun, once; its end refers to that. */
  protected recordStart(): void {
    if (this.isConcluded || this.startId !== undefined) return;
    this.startId = this.recorder.guarded(this.subject, () => this.recorder.record(this.report(undefined)));
  }

  protected report(conclusion: Conclusion | undefined): CallReport {
    this.actor ??= this.recorder.actorOf(this.subject);
    return {
      subject: this.subject,
      conclusion,
      durationMs: this.durationMs ?? performance.now() - this.startedAt,
      draft: this.draft ?? this.draftOf({}),
      actor: this.actor,
      startId: this.startId,
      intentId: this.intent?.id,
      hasBegun: this.isBegun,
    };
  }

  private handOver(report: CallReport): Promise<void> | undefined {
    if (this.isClosed) return this.recorder.recordOutcome(report);
    this.recorder.record(report);
    return undefined;
  }

  private methodEnds(end: Pick<AuditedCall, 'result' | 'error'>, conclusion: Conclusion): void {
    if (this.isConcluded) return;
    this.durationMs = performance.now() - this.startedAt;
    this.recorder.guarded(this.subject, () => {
      this.draft = this.draftOf(end);
    });
    this.methodEnded(conclusion);
  }

  private draftOf(end: Pick<AuditedCall, 'result' | 'error'>): AuditDraft {
    const { options, context } = this.subject;
    return new AuditDraft(
      this.isClosed ? { ...options, skip: undefined } : options,
      this.args && { args: [...this.args], ...end, context },
    );
  }

  /** Copying costs, so it is only done for somebody who looks. */
  private copyOf(args: readonly unknown[]): readonly unknown[] {
    const { metadata, target, skip, message, include } = this.subject.options;
    const isLookedAt = [metadata, target, skip, message].some((option) => typeof option === 'function');
    if (!isLookedAt && !include?.args) return NO_ARGS;
    return snapshot([...args], { verbatim: platformObjectsOf(this.subject.context) });
  }
}
