import { type ClosingData } from '../wire/server-message.js';
import { EXPIRED, POLICY_VIOLATION, REVOKED } from '../wire/close-codes.js';
import { closedByServer, NOT_CONNECTED, refused } from './client.messages.js';
import { LogStreamError, type LogStreamErrorCode } from './log-stream-error.js';

/** How a connection ended, or did not come about. */
export interface ConnectionEnd {
  /** Close code of the WebSocket. */
  readonly code: number;
  readonly reason: string;
  /** What the server said before. */
  readonly closing?: ClosingData;
  /** HTTP status with which it was refused, where that can be seen. */
  readonly status?: number;
  readonly retryAfterMs?: number;
}

/** Was cut, or did not come about; RFC 6455, section 7.4.1. */
export const ABNORMAL = 1006;

/** Codes after which a client must not come back: see `EXTENDED_CLOSE_CODES`. */
const FINAL_CODES = { from: 4_500, to: 5_000 };

const CODES: Readonly<Record<number, LogStreamErrorCode>> = {
  401: 'not_authorized',
  403: 'forbidden',
  [EXPIRED]: 'expired',
  [REVOKED]: 'revoked',
};

/** Says why there is no connection. */
export function lost({ code, reason, status }: Partial<ConnectionEnd> = {}): LogStreamError {
  if (status !== undefined) {
    return new LogStreamError(CODES[status] ?? 'refused', refused(status), { status });
  }
  if (code === undefined || code === ABNORMAL) {
    return new LogStreamError('connection_lost', reason || NOT_CONNECTED, { closeCode: ABNORMAL });
  }
  const known = CODES[code] ?? (isFinal(code) ? 'rejected' : 'connection_lost');
  return new LogStreamError(known, closedByServer(code, reason), { closeCode: code });
}

/**
 * Whether it would end the same way again. What cannot be told, as the status of a refusal in a browser, may be a
 * server that is not up yet.
 *
 * @param renewable the next attempt may bring another credential
 * @param worked there was a connection before: what is not found now is being deployed
 */
export function isHopeless(
  { code, status }: ConnectionEnd,
  { renewable, worked }: { readonly renewable: boolean; readonly worked: boolean },
): boolean {
  if (status === 401 || code === EXPIRED) return !renewable;
  if (status === 400 || status === 403) return true;
  if (status !== undefined) return !worked && status < 500 && status !== 408 && status !== 429;
  return isFinal(code);
}

function isFinal(code: number): boolean {
  return code === POLICY_VIOLATION || (code >= FINAL_CODES.from && code < FINAL_CODES.to);
}

/** Milliseconds that the server wants to be left alone. */
export function leaveAlone({ closing, retryAfterMs }: ConnectionEnd): number {
  return Math.max(closing?.reconnect ? closing.after_ms : 0, retryAfterMs ?? 0);
}
