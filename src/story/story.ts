import { parseTraceparent, type TraceFields } from './traceparent.js';
import { type StoryMark } from './story-mark.js';

/**
 * What a story is known by where it comes from.
 *
 * @publicApi
 */
export interface StoryOrigin {
  /** An id that somebody else gave it; kept where it is 1 to 128 letters, digits and any of `._~:+/=@-`. */
  readonly clientRequestId?: unknown;
  /** W3C Trace Context, as `00-<trace id>-<span id>-01`; ignored when it is malformed. */
  readonly traceparent?: unknown;
}

/** Without spaces, quotes and control characters: it is shown, and searched for. */
const WELL_FORMED_ID = /^[\w.~:+/=@-]{1,128}$/;

/** One story. What came with it is looked at when its first line is logged: most requests of many apps log nothing. */
export class Story implements StoryMark {
  private known: StoryMark['came'];

  /**
   * @param number of this story in this process
   * @param origin asked once, when the first line is logged
   */
  constructor(
    readonly number: number,
    private origin: (() => StoryOrigin) | undefined,
  ) {}

  get came(): StoryMark['came'] {
    const { origin } = this;
    if (!origin) return this.known;
    // First: a getter of the origin that logs would ask again.
    this.origin = undefined;
    return (this.known = cameOf(origin()));
  }

  /** The mark of a line that is logged within a span. */
  within(span: TraceFields): StoryMark {
    return { number: this.number, came: { ...this.came, ...span } };
  }
}

function cameOf({ clientRequestId, traceparent }: StoryOrigin): StoryMark['came'] {
  const isKnown = typeof clientRequestId === 'string' && WELL_FORMED_ID.test(clientRequestId);
  const trace = traceparent === undefined ? undefined : parseTraceparent(traceparent);
  return isKnown || trace ? { ...(isKnown && { client_request_id: clientRequestId }), ...trace } : undefined;
}
