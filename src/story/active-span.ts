import { type TraceFields } from './traceparent.js';

/** Asks for the span that is active now. */
export type ActiveSpan = () => TraceFields | undefined;

/** @returns `undefined` in an app without `@opentelemetry/api` */
export async function findActiveSpan(): Promise<ActiveSpan | undefined> {
  try {
    const { trace, isSpanContextValid } = await import('@opentelemetry/api');
    return () => {
      const span = trace.getActiveSpan()?.spanContext();
      return span && isSpanContextValid(span) ? { trace_id: span.traceId, span_id: span.spanId } : undefined;
    };
  } catch {
    return undefined;
  }
}
