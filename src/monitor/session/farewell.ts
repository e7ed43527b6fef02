import { CLOSE_CODES, EXTENDED_CLOSE_CODES } from '../../wire/close-codes.js';
import { type ResolvedLimits } from '../../options/resolved-options.js';
import { tooManyMessages } from '../monitor.messages.js';

/** What a client is told with its close. */
export interface Farewell {
  readonly plain: number;
  readonly extended: number;
  readonly reason: string;
  /** Milliseconds that a client should wait before it comes back; `undefined` when it should not. */
  readonly reconnectAfterMs?: number;
  /** Milliseconds that a client which takes nothing may still come to read this; else it is cut off after a second. */
  readonly patienceMs?: number;
}

/** How long a goodbye waits for a client to read again: as long as the heartbeat waits at most. */
export const PATIENCE_MS = 180_000;

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
  patienceMs: PATIENCE_MS,
};

/** Of who asks and asks and does not read: what waits for it grows by its own doing, so that nothing waits for it. */
export const UNREAD: Farewell = { ...STALLED, patienceMs: 0 };

export const SILENT: Farewell = {
  plain: CLOSE_CODES.tryAgainLater,
  extended: EXTENDED_CLOSE_CODES.stalled,
  reason: 'no answer to a ping',
  reconnectAfterMs: 1_000,
};

export const OVERRUN: Farewell = {
  plain: CLOSE_CODES.tryAgainLater,
  extended: EXTENDED_CLOSE_CODES.auditOverrun,
  reason: 'too slow: records were lost',
  reconnectAfterMs: 0,
  patienceMs: PATIENCE_MS,
};

export const EXPIRED: Farewell = {
  plain: CLOSE_CODES.policyViolation,
  extended: EXTENDED_CLOSE_CODES.expired,
  reason: 'the permission to watch has ended',
};

export const REVOKED: Farewell = {
  plain: CLOSE_CODES.policyViolation,
  extended: EXTENDED_CLOSE_CODES.revoked,
  reason: 'the permission to watch was withdrawn',
};

/**
 * Why `ws` closes a connection by itself (RFC 6455, section 7.4.1): the client would do the same again.
 */
export const BROKEN_RULES: Readonly<Record<number, string>> = {
  1002: 'a frame that RFC 6455 does not allow',
  1007: 'a text that is no UTF-8',
  1008: 'a message in too many fragments',
  1009: 'a message that is too large',
};

export function sentTooMuch(limit: ResolvedLimits['messages']): Farewell {
  return {
    plain: CLOSE_CODES.policyViolation,
    extended: EXTENDED_CLOSE_CODES.tooManyMessages,
    reason: tooManyMessages(limit),
  };
}
