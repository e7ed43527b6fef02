/**
 * What every line of one request's story carries: all that is logged while a request or a message is handled.
 *
 * @publicApi
 */
export interface StoryFields {
  /** Ours, a UUID: no client can write into the story of another. */
  readonly request_id: string;
  /** The `X-Request-Id` that a client sent, where it is well-formed. A claim: two requests may have the same. */
  readonly client_request_id?: string;
  /** Of the active span of OpenTelemetry, or of the `traceparent` that came. 32 hexadecimal digits. */
  readonly trace_id?: string;
  /** The same, 16 hexadecimal digits; of a `traceparent` it is the span of the caller. */
  readonly span_id?: string;
}

/** The names of {@link StoryFields}, in the order of the wire. */
export const STORY_FIELDS = ['request_id', 'client_request_id', 'trace_id', 'span_id'] as const;
