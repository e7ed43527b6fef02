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
  private startId: string | undefined;

  override begin(): void {
    super.begin();
    if (this.startId !== undefined) return;
    this.startId = this.recorder.guarded(this.subject, () => this.recorder.record(this.report(undefined)));
  }

  protected override report(...args: Parameters<HttpCall['report']>): ReturnType<HttpCall['report']> {
    return { ...super.report(...args), startId: this.startId };
  }
}
