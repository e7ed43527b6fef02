import { tap, type Observable } from 'rxjs';
import { AuditCall } from './audit-call.js';
import { heldBack } from './held-back.js';
import { ABORTED, failureAt, SUCCESS, type Conclusion, type Stage } from '../describe/outcome.js';

/**
 * A call that Nest makes: of a WebSocket, microservice or GraphQL handler. It begins with the first guard and ends with
 * the handler's stream, interceptors included, so that refusals and time-outs are seen as well.
 */
export class HandlerCall extends AuditCall {
  private hasPassedGuards = false;
  private attempts = 0;
  private isStreaming = false;
  private ofMethod: Conclusion | undefined;
  /** An exception on its way to the filters that did not come through {@link follow}. */
  private passing: { readonly exception: unknown } | undefined;

  /** All guards have agreed. */
  passGuards(): void {
    this.hasPassedGuards = true;
    this.identify();
  }

  /** Watches what the handler's pipes, inner interceptors and method produce; once more for each further attempt. */
  follow(handled: Observable<unknown>): Observable<unknown> {
    this.attempts += 1;
    return this.holdingBack(
      handled.pipe(
        tap({
          error: (error) => this.attemptFailed(error),
          complete: () => this.completed(),
          unsubscribe: () => this.attemptEnded(() => this.ofUnsubscribing()),
        }),
      ),
    );
  }

  /** An exception reached the filters of the handler. */
  passException(exception: unknown): void {
    this.passing ??= { exception };
    // Before the guards are through it is a refusal, by one of them or by an interceptor that ran before ours.
    if (!this.hasPassedGuards) this.ended(failureAt('guards', exception));
  }

  /** The method returned a stream that somebody else reads: its end is the method's end. */
  override keepOpen(): void {
    this.isStreaming = true;
  }

  /** Interceptors that try again call the same method as part of the same call. */
  override again(): AuditCall {
    return this;
  }

  protected get stage(): Stage {
    if (this.isReached) return 'method';
    return this.hasPassedGuards ? 'pipes' : 'guards';
  }

  protected override methodEnded(conclusion: Conclusion): void {
    this.ofMethod = conclusion;
    if (this.isStreaming) this.ended(conclusion);
  }

  protected get passingException(): { readonly exception: unknown } | undefined {
    return this.passing;
  }

  /** The handler has come to an end. */
  protected ended(conclusion: Conclusion): void {
    this.conclude(conclusion);
  }

  /**
   * What an attempt came to is known only after its end: an interceptor that tries again does so next, one with a
   * time-out throws next, and nothing follows when the client left.
   */
  protected attemptEnded(conclusion: () => Conclusion): void {
    const attempt = this.attempts;
    setImmediate(() => {
      if (attempt === this.attempts) this.ended(conclusion());
    });
  }

  /** With `failure: 'closed'`: where the result waits for its outcome to be recorded. */
  protected holdingBack(handled: Observable<unknown>): Observable<unknown> {
    return this.subject.options.failure === 'closed' ? heldBack(handled, this) : handled;
  }

  private attemptFailed(error: unknown): void {
    // The error is held back until it is recorded, so nobody can try again before: this attempt was a call.
    if (this.isClosed && this.isReached) this.ended(failureAt(this.stage, error));
    else this.attemptEnded(() => failureAt(this.stage, error));
  }

  private ofUnsubscribing(): Conclusion {
    if (this.ofMethod && this.ofMethod !== ABORTED) return this.ofMethod;
    return this.passing ? failureAt(this.stage, this.passing.exception) : ABORTED;
  }

  /** Completed without the method: an interceptor has answered in its place, and there was no call. */
  private completed(): void {
    if (this.isReached && !this.isStreaming) this.ended(this.ofMethod ?? SUCCESS);
  }
}
