import { type ClosingData } from '../monitor/server-message.js';
import { EXTENDED_CLOSE_CODES } from '../monitor/close-codes.js';
import { closedByServer, FORBIDDEN, NOT_AUTHORIZED, NOT_CONNECTED, refused } from './client.messages.js';
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

/** Broke a rule; as above. */
const POLICY_VIOLATION = 1008;

const { expired, revoked } = EXTENDED_CLOSE_CODES;

const CODES: Readonly<Record<number, LogStreamErrorCode>> = {
  401: 'not_authorized',
  403: 'forbidden',
  [expired]: 'expired',
  [revoked]: 'revoked',
};

/** Says why there is no connection. */
export function lost({ code, reason, status }: Partial<ConnectionEnd> = {}): LogStreamError {
  if (status !== undefined) {
    const message = status === 401 ? NOT_AUTHORIZED : status === 403 ? FORBIDDEN : refused(status);
    return new LogStreamError(CODES[status] ?? 'refused', message, { status });
  }
  if (code === undefined || code === ABNORMAL) {
    return new LogStreamError('connection_lost', reason || NOT_CONNECTED, { closeCode: ABNORMAL });
  }
  const known = CODES[code] ?? (isFinal(code) ? 'rejected' : 'connection_lost');
  return new LogStreamError(known, closedByServer(code, reason ?? ''), { closeCode: code });
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
  if (status === 401 || code === expired) return !renewable;
  if (status === 400 || status === 403) return true;
  if (status !== undefined) return !worked && status < 500 && status !== 408 && status !== 429;
  return isFinal(code);
}

function isFinal(code: number): boolean {
  return code === POLICY_VIOLATION || (code >= 4500 && code < 5000);
}

/** Milliseconds that the server wants to be left alone. */
export function leaveAlone({ closing, retryAfterMs }: ConnectionEnd): number {
  return Math.max(closing?.reconnect ? closing.after_ms : 0, retryAfterMs ?? 0);
}
