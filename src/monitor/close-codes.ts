/**
 * Why a plain client is disconnected (RFC 6455, section 7.4.1). Clients should reconnect after 1001 and 1013.
 *
 * @publicApi
 */
export const CLOSE_CODES = {
  /** The application shuts down. */
  goingAway: 1001,
  /** The client broke a rule: too many messages. Reconnecting does not help. */
  policyViolation: 1008,
  /** The client was too slow: records it had not read are no longer in the history. */
  tryAgainLater: 1013,
} as const;
