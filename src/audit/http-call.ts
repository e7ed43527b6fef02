import { STATUS_CODES, type ServerResponse } from 'node:http';
import { type AuditSubject } from './audit-call.js';
import { type AuditRecorder } from './audit-recorder.js';
import { HandlerCall } from './handler-call.js';
import { ABORTED, failureAt, failureOfStatus, SUCCESS, type Conclusion } from './outcome.js';
import { onResponseEnd, type ResponseEnd } from './response-end.js';

/**
 * A call that came by HTTP. What happened is on the response: a handler that uses `@Res()` returns without an error
 * whatever it sends, and a client that left shows only in that the response closes before it is finished. So the
 * record waits for the response.
 */
export class HttpCall extends HandlerCall {
  private response: ResponseEnd | undefined;
  private ofHandler: Conclusion | undefined;

  constructor(subject: AuditSubject, recorder: AuditRecorder, response: ServerResponse) {
    super(subject, recorder);
    onResponseEnd(response, (end) => this.responded(end));
  }

  protected override ended(conclusion: Conclusion): void {
    this.ofHandler = conclusion;
    this.decide();
  }

  /** Nothing needs to be waited for: the response comes after everything else. */
  protected override attemptEnded(conclusion: () => Conclusion): void {
    this.ended(conclusion());
  }

  private responded(end: ResponseEnd): void {
    this.response = end;
    this.decide();
  }

  private decide(): void {
    const { response, ofHandler, stage } = this;
    if (!response) return;
    if (ofHandler) return this.conclude(this.judge(ofHandler, response));
    if (stage !== 'guards') {
      // A handler may go on after it has answered, but nobody waits for one whose client has left.
      if (!response.isFinished) this.conclude(ABORTED);
    } else if (response.isFinished && isFailure(response.status)) {
      // A guard that answers by itself. Of a client that left, a guard may still have to decide.
      this.conclude(failureOfStatus(stage, response.status, phraseOf(response.status)));
    }
  }

  /** The handler's word and the response's. */
  private judge(ofHandler: Conclusion, { isFinished, status }: ResponseEnd): Conclusion {
    if (ofHandler.outcome === 'failure') {
      const isComplete = ofHandler.error?.status !== undefined || !isFailure(status);
      return isComplete ? ofHandler : failureAt(this.stage, ofHandler.cause, status);
    }
    if (!isFinished) return ABORTED;
    if (!isFailure(status)) return SUCCESS;
    const { passingException } = this;
    return passingException
      ? failureAt(this.stage, passingException.exception, status)
      : failureOfStatus(this.stage, status, phraseOf(status));
  }
}

function isFailure(status: number): boolean {
  return status >= 400;
}

function phraseOf(status: number): string {
  return STATUS_CODES[status] ?? 'Unknown status';
}
