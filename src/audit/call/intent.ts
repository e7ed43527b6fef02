import { type AuditRecorder } from './audit-recorder.js';
import { AuditUnavailableError } from '../deliver/audit-unavailable.error.js';
import { endedBeforeItBegan } from '../audit.messages.js';
import { type CallReport } from '../describe/call-report.js';
import { DeadlineExceeded } from '../deliver/deadline.js';

/** What a closed call says that it is about to do, before it does it. */
export class Intent {
  private admission: Promise<void> | undefined;
  private handedOver: string | undefined;
  private isTaken = false;

  constructor(
    private readonly recorder: AuditRecorder,
    private readonly call: { readonly isOpen: boolean },
  ) {}

  /** Id of what the sink has, or may have: the outcome has to name it. */
  get id(): string | undefined {
    return this.handedOver;
  }

  /**
   * Makes the intent durable; asked again, it gives the same answer.
   *
   * @throws AuditUnavailableError when the call must not begin
   */
  declare(report: () => CallReport): Promise<void> {
    return (this.admission ??= this.handOver(report()));
  }

  /** True for the first who goes on with the call that the intent was made for. */
  take(): boolean {
    const isFirst = !this.isTaken;
    this.isTaken = true;
    return isFirst;
  }

  private async handOver(report: CallReport): Promise<void> {
    try {
      await this.recorder.intend(report, (id) => {
        this.requireOpenCall();
        this.handedOver = id;
      });
      this.requireOpenCall();
    } catch (error) {
      // One that was only late may still be stored; and of a call that has ended, the record names it already.
      if (this.call.isOpen && !isLate(error)) this.handedOver = undefined;
      throw error;
    }
  }

  /** A call whose caller has gone must not begin any more: the record says that it was aborted. */
  private requireOpenCall(): void {
    if (!this.call.isOpen) throw new AuditUnavailableError(new Error(endedBeforeItBegan()));
  }
}

function isLate(error: unknown): boolean {
  return error instanceof AuditUnavailableError && error.cause instanceof DeadlineExceeded;
}
