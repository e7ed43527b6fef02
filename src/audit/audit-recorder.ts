import { Inject, Injectable, type BeforeApplicationShutdown, type ExecutionContext } from '@nestjs/common';
import { type AuditActor } from './actor.js';
import { AuditActors } from './audit-actors.js';
import { AuditCall, type AuditSubject, type CallReport } from './audit-call.js';
import { withDefaults } from './audit-options.js';
import { currentContext } from './audit-scope.js';
import { AuditSink } from './audit-sink.js';
import { recordLost, stillPendingAtShutdown, tookTooLong } from './audit.messages.js';
import { auditDefaultsOf, type AuditedMethod } from './audited-method.js';
import { eventOfReport } from './event-of-report.js';
import { type Extraction } from './extraction.js';
import { HandlerCall } from './handler-call.js';
import { HttpCall } from './http-call.js';
import { responseOf } from './response-end.js';
import { isSseHandler, SseCall } from './sse-call.js';
import { UuidV7 } from './uuid-v7.js';

/** How long a record waits for what the application's extractors promised, in milliseconds. */
const PATIENCE_MS = 5_000;

/** Opens the calls that `@Audit` follows, and hands their records to the sink. */
@Injectable()
export class AuditRecorder implements BeforeApplicationShutdown {
  private readonly waiting = new Set<(why: string) => void>();
  private lost = 0;

  constructor(
    @Inject(AuditSink) private readonly sink: AuditSink,
    @Inject(AuditActors) private readonly actors: AuditActors,
    @Inject(UuidV7) private readonly ids: UuidV7,
  ) {}

  /** Records that never reached the sink, or that it refused. 0 in a healthy app. */
  get failures(): number {
    return this.lost;
  }

  /** Follows a call that the application makes itself; it inherits the context of the handler it is made from. */
  openCall(method: AuditedMethod, host: object): AuditCall {
    return new AuditCall(this.subjectOf(method, host.constructor, currentContext()), this);
  }

  /** Follows a call that Nest makes. */
  openHandlerCall(method: AuditedMethod, context: ExecutionContext): HandlerCall {
    const subject = this.subjectOf(method, context.getClass(), context);
    const response = responseOf(context);
    if (!response) return new HandlerCall(subject, this);
    return isSseHandler(context.getHandler())
      ? new SseCall(subject, this, response)
      : new HttpCall(subject, this, response);
  }

  actorOf({ method: { action }, options, context }: AuditSubject): Extraction<AuditActor | undefined> {
    return this.actors.ask({ action, context }, options.actor);
  }

  /**
   * Hands over the record of a call: at once, or when the extractors that promised something have kept their word, at
   * most {@link PATIENCE_MS} later.
   *
   * @returns the id of the record
   */
  record(report: CallReport): string | undefined {
    const { draft, actor, subject } = report;
    if (draft.isSkipped) return undefined;
    const id = this.ids.next();
    const extractions = [draft.metadata, draft.targets, actor];
    const pending = extractions.flatMap((extraction) => extraction.pending ?? []);
    const handOver = (): void => this.guarded(subject, () => this.handOver(id, report));
    if (pending.length === 0) handOver();
    else this.waitFor(pending, extractions).then(handOver, handOver);
    return id;
  }

  /** Runs our own work inside of an application's call, which it must not disturb. */
  guarded<T>(subject: AuditSubject, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.lose(subject, error);
      return undefined;
    }
  }

  beforeApplicationShutdown(): void {
    for (const giveUp of this.waiting) giveUp(stillPendingAtShutdown());
  }

  private handOver(id: string, report: CallReport): void {
    // A sink that an application wrote may forget that it has to return a promise.
    Promise.resolve(this.sink.record(eventOfReport(id, report))).catch((error: unknown) =>
      this.lose(report.subject, error),
    );
  }

  private async waitFor(
    pending: readonly Promise<void>[],
    extractions: readonly Extraction<unknown>[],
  ): Promise<void> {
    await new Promise<void>((resolve) => {
      const giveUp = (why: string): void => {
        for (const extraction of extractions) extraction.giveUp(why);
        settle();
      };
      const timer = setTimeout(giveUp, PATIENCE_MS, tookTooLong(PATIENCE_MS)).unref();
      const settle = (): void => {
        clearTimeout(timer);
        this.waiting.delete(giveUp);
        resolve();
      };
      this.waiting.add(giveUp);
      void Promise.all(pending).then(settle);
    });
  }

  private subjectOf(
    method: AuditedMethod,
    host: Function,
    context: ExecutionContext | undefined,
  ): AuditSubject {
    const options = withDefaults(auditDefaultsOf(host), method.options);
    return { method, options, className: host.name, context };
  }

  private lose({ method }: AuditSubject, error: unknown): void {
    this.lost += 1;
    if (this.lost === 1) process.emitWarning(recordLost(method.action, error), 'AuditWarning');
  }
}
