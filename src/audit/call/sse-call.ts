import { HttpCall } from './http-call.js';

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
}
