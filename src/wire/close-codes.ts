// Those that the client looks at stand alone: of a table a page would get all.
export const POLICY_VIOLATION = 1008;
export const EXPIRED = 4501;
export const REVOKED = 4502;

/**
 * Why a plain client is disconnected (RFC 6455, section 7.4.1). Clients should reconnect after 1001 and 1013.
 *
 * @publicApi
 */
export const CLOSE_CODES = {
  /** The application shuts down. */
  goingAway: 1001,
  /**
   * The client broke a rule, as by too many messages, or may not watch any longer. Reconnecting as before does
   * not help.
   */
  policyViolation: POLICY_VIOLATION,
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
  /** The client's permission has ended: it may come back with a new one. */
  expired: EXPIRED,
  /** The client's permission was withdrawn. */
  revoked: REVOKED,
} as const;
