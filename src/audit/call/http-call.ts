import { EventEmitter, errorMonitor } from 'node:events';
import { STATUS_CODES, type ServerResponse } from 'node:http';
import { type Observable } from 'rxjs';
import { type AuditRecorder } from './audit-recorder.js';
import { type AuditSubject } from '../describe/call-report.js';
import { HandlerCall } from './handler-call.js';
import { holdResponse } from './hold-response.js';
import {
  ABORTED,
  failureAt,
  failureOfResponse,
  failureOfStatus,
  SUCCESS,
  type Conclusion,
} from '../describe/outcome.js';
import { readPath } from '../describe/read-path.js';
import { isPrematureClose, onResponseEnd, type ResponseEnd } from './response-end.js';

/**
 * A call that came by HTTP. What happened is on the response: a handler that uses `@Res()` returns without an error
 * whatever it sends, and a client that left shows only in that the response closes before it is finished. So the
 * record waits for the response.
 */
export class HttpCall extends HandlerCall {
  private response: ResponseEnd | undefined;
  private ofHandler: Conclusion | undefined;
  private sourceFailure: { readonly error: unknown } | undefined;

  constructor(subject: AuditSubject, recorder: AuditRecorder, response: ServerResponse) {
    super(subject, recorder);
    onResponseEnd(response, (end) => this.responded(end));
    if (subject.options.failure === 'closed') holdResponse(response, (status) => this.answered(status));
  }

  /** The source of a download may fail long after the method has returned it, and a response does not say why it broke. */
  override returned(result: unknown): void {
    const source = sourceOf(result);
    // Not as a listener of 'error', which would make an error that nobody handles look handled.
    source?.once(errorMonitor, (error) => {
      if (!isPrematureClose(error)) this.sourceFailure ??= { error };
    });
    super.returned(result);
  }

  protected override ended(conclusion: Conclusion): void {
    this.ofHandler = conclusion;
    this.decide();
  }

  /** Nothing needs to be waited for: the response comes after everything else. */
  protected override attemptEnded(conclusion: () => Conclusion): void {
    this.ended(conclusion());
  }

  /** The response waits, whatever it is made of. */
  protected override holdingBack(handled: Observable<unknown>): Observable<unknown> {
    return handled;
  }

  private responded(end: ResponseEnd): void {
    this.response ??= end;
    this.decide();
  }

  /**
   * The answer to a call with `failure: 'closed'` is complete, and nobody has seen its end.
   *
   * @returns when it may be seen; `undefined` for at once
   */
  private answered(status: number): Promise<void> | undefined {
    const response = { isFinished: true, status };
    this.responded(response);
    if (!this.isOpen) return this.recorded;
    return this.isClosed && this.hasBegun ? this.answeredAhead(response) : undefined;
  }

  /**
   * A handler has answered before it ended. It may be about to end, but also wait for its answer to be sent, which waits
   * for its outcome: then the answer is all there is to tell.
   */
  private async answeredAhead(response: ResponseEnd): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.conclude(this.judge(SUCCESS, response));
    await this.recorded;
  }

  private decide(): void {
    const { response, ofHandler, stage } = this;
    if (!response) return;
    if (ofHandler) return this.conclude(this.judge(ofHandler, response));
    if (stage !== 'guards') {
      // A handler may go on after it has answered, but nobody waits for one whose client has left.
      if (!response.isFinished) this.conclude(this.brokenOff(response));
    } else if (response.isFinished && isFailure(response.status)) {
      // A guard that answers by itself. Of a client that left, a guard may still have to decide.
      this.conclude(failureOfStatus(stage, response.status, phraseOf(response.status)));
    }
  }

  /** The handler's word and the response's. */
  private judge(ofHandler: Conclusion, response: ResponseEnd): Conclusion {
    const { isFinished, status } = response;
    if (ofHandler.outcome === 'failure') {
      return isFinished ? failureAt(this.stage, ofHandler.cause, status) : ofHandler;
    }
    if (!isFinished) return this.brokenOff(response);
    if (!isFailure(status)) return SUCCESS;
    const { passingException } = this;
    return passingException
      ? failureAt(this.stage, passingException.exception, status)
      : failureOfStatus(this.stage, status, phraseOf(status));
  }

  /** A response that nobody has got whole: left by its client, or broken off here. */
  protected brokenOff({ broken }: ResponseEnd): Conclusion {
    if (!broken) return ABORTED;
    return failureOfResponse(this.stage, this.sourceFailure ? this.sourceFailure.error : broken.error);
  }
}

/** The stream that a handler has returned to be sent, as it is or in a `StreamableFile`. */
function sourceOf(result: unknown): EventEmitter | undefined {
  const stream = readPath(result, 'stream') ?? result;
  return typeof readPath(stream, 'pipe') === 'function' && stream instanceof EventEmitter
    ? stream
    : undefined;
}

function isFailure(status: number): boolean {
  return status >= 400;
}

function phraseOf(status: number): string {
  return STATUS_CODES[status] ?? 'Unknown status';
}
