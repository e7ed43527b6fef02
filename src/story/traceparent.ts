/** Where a trace goes on. */
export interface TraceFields {
  readonly trace_id: string;
  readonly span_id: string;
}

/** W3C Trace Context, 3.2.2: a later version may say more behind these four fields, and `ff` is none. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?$/;

/** @returns `undefined` for what is no `traceparent` */
export function parseTraceparent(value: unknown): TraceFields | undefined {
  if (typeof value !== 'string' || value.length > 512) return undefined;
  const [whole, trace_id, span_id] = TRACEPARENT.exec(value) ?? [];
  // Version 00 has nothing behind its flags.
  if (!trace_id || !span_id || (whole?.startsWith('00') && whole.length !== 55)) return undefined;
  return { trace_id, span_id };
}
