import { MESSAGES_PER_WINDOW, WINDOW_MS } from './message-rate.js';

/**
 * Why a plain client is disconnected (RFC 6455, section 7.4.1). Clients should reconnect after 1001 and 1013.
 *
 * @publicApi
 */
export const CLOSE_CODES = {
  /** The application shuts down. */
  goingAway: 1001,
  /** The client broke a rule, as by too many messages. Reconnecting does not help. */
  policyViolation: 1008,
  /** The client was too slow: records it had not read are no longer in the history. */
  tryAgainLater: 1013,
} as const;

/**
 * Why an extended client is disconnected. Clients should reconnect after 4000 to 4499, with their cursor, and
 * must not after 4500 to 4999.
 *
 * @publicApi
 */
export const EXTENDED_CLOSE_CODES = {
  /** The application shuts down. */
  shutdown: 4000,
  /** The client's socket took nothing for too long. */
  stalled: 4001,
  /** Audit records that the client had not read are no longer in the history; they are never skipped silently. */
  auditOverrun: 4002,
  /** The client sent more messages than its limit. */
  tooManyMessages: 4500,
} as const;

/** What a client is told with its close. */
export interface Farewell {
  readonly plain: number;
  readonly extended: number;
  readonly reason: string;
  /** Milliseconds that a client should wait before it comes back; `undefined` when it should not. */
  readonly reconnectAfterMs?: number;
}

export const SHUTDOWN: Farewell = {
  plain: CLOSE_CODES.goingAway,
  extended: EXTENDED_CLOSE_CODES.shutdown,
  reason: 'the application shuts down',
  reconnectAfterMs: 1_000,
};

export const STALLED: Farewell = {
  plain: CLOSE_CODES.tryAgainLater,
  extended: EXTENDED_CLOSE_CODES.stalled,
  reason: 'too slow: nothing was read for too long',
  reconnectAfterMs: 1_000,
};

export const OVERRUN: Farewell = {
  plain: CLOSE_CODES.tryAgainLater,
  extended: EXTENDED_CLOSE_CODES.auditOverrun,
  reason: 'too slow: records were lost',
  reconnectAfterMs: 0,
};

export const TOO_MANY_MESSAGES: Farewell = {
  plain: CLOSE_CODES.policyViolation,
  extended: EXTENDED_CLOSE_CODES.tooManyMessages,
  reason: `More than ${MESSAGES_PER_WINDOW} messages in ${WINDOW_MS / 1000} s.`,
};
