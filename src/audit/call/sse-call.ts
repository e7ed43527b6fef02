import { HttpCall } from './http-call.js';
import { ABORTED, type Conclusion } from '../describe/outcome.js';
import { type ResponseEnd } from './response-end.js';

/**
 * Metadata key of `@Sse()`, `SSE_METADATA` in Nest's `packages/common/constants.ts`, which the package's root does not
 * export.
 */
const SSE_METADATA = '__sse__';

export function isSseHandler(handler: unknown): boolean {
  return typeof handler === 'function' && Reflect.getMetadata(SSE_METADATA, handler) === true;
}

/** A call whose answer is an event stream: it may go on for days, so its start is recorded as well as its end. */
export class SseCall extends HttpCall {
  override begin(): void {
    super.begin();
    this.recordStart();
  }

  /** An event stream is never complete: one that is cut without an error, as when the app shuts down, is no failure. */
  protected override brokenOff(response: ResponseEnd): Conclusion {
    return response.broken?.error === undefined ? ABORTED : super.brokenOff(response);
  }
}
