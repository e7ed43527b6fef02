import { responseDestroyed } from './audit.messages.js';
import { readPath, readText } from './read-path.js';
import { textOf } from './text-of.js';

/** @publicApi */
export type AuditOutcome = 'success' | 'failure' | 'unknown';

/**
 * Why a call was no success. From where in the call it ended, never from what an error calls itself, but for
 * time-outs.
 *
 * - `denied`: refused by a guard
 * - `validation`: refused by a pipe, before the method
 * - `error`: the method failed, or the response did
 * - `timeout`: ended by a time-out (RxJS `TimeoutError`, an aborted `AbortSignal.timeout()`, HTTP 408 or 504)
 * - `aborted`: the caller went away first, or unsubscribed
 * - `crashed`: the process ended first; only the durable trail can tell
 *
 * @publicApi
 */
export type AuditReason = 'error' | 'denied' | 'validation' | 'aborted' | 'timeout' | 'crashed';

/** @publicApi */
export interface AuditError {
  readonly name: string;
  readonly message: string;
  /** HTTP status, where there is one. */
  readonly status?: number;
}

/** How a call ended. */
export interface Conclusion {
  readonly outcome: AuditOutcome;
  readonly reason?: AuditReason;
  readonly error?: AuditError;
  /** What was thrown, as it was thrown. */
  readonly cause?: unknown;
}

/** How far a call had come. */
export type Stage = 'guards' | 'pipes' | 'method';

export const SUCCESS: Conclusion = Object.freeze({ outcome: 'success' });
export const ABORTED: Conclusion = Object.freeze({ outcome: 'unknown', reason: 'aborted' });

const REFUSAL = { guards: 'denied', pipes: 'validation', method: 'error' } as const;

/** The failure of a call that an error ended at a stage. */
export function failureAt(stage: Stage, cause: unknown, responseStatus?: number): Conclusion {
  const error = describeError(cause, responseStatus);
  return { outcome: 'failure', reason: reasonAt(stage, error), error, cause };
}

/** The failure of a call of which nothing but the status of its response is known. */
export function failureOfStatus(stage: Stage, status: number, phrase: string): Conclusion {
  const error = { name: 'HttpStatus', message: phrase, status };
  return { outcome: 'failure', reason: reasonAt(stage, error), error };
}

/** The failure of a call whose response was broken off on our side; the cause is `undefined` where nobody named one. */
export function failureOfResponse(stage: Stage, cause: unknown): Conclusion {
  if (cause !== undefined) return failureAt(stage, cause);
  return {
    outcome: 'failure',
    reason: 'error',
    error: { name: 'ResponseDestroyed', message: responseDestroyed() },
  };
}

function reasonAt(stage: Stage, { name, status }: AuditError): AuditReason {
  if (name === 'TimeoutError' || status === 408 || status === 504) return 'timeout';
  // A guard or pipe that broke has not refused anybody.
  return status !== undefined && status >= 500 ? 'error' : REFUSAL[stage];
}

/** Never throws, whatever was thrown. */
export function describeError(cause: unknown, responseStatus?: number): AuditError {
  const name = nameOf(cause);
  const status = statusOf(cause) ?? responseStatus;
  return { name, message: detailOf(cause) ?? messageOf(cause), ...(status !== undefined && { status }) };
}

/** Many error classes leave `name` at what they inherit: then the class says more. */
function nameOf(cause: unknown): string {
  const name = readText(cause, 'name');
  const className = readText(cause, 'constructor', 'name');
  return (name === 'Error' ? className : name) ?? className ?? typeof cause;
}

/** What Nest's `ValidationPipe` found: its own message is only "Bad Request Exception". */
function detailOf(cause: unknown): string | undefined {
  const details = readPath(cause, 'response', 'message');
  return Array.isArray(details) ? details.map(textOf).join('; ') : undefined;
}

function messageOf(cause: unknown): string {
  return readText(cause, 'message') ?? textOf(cause);
}

function statusOf(cause: unknown): number | undefined {
  return [
    readPath(cause, 'status'),
    readPath(cause, 'statusCode'),
    readPath(cause, 'extensions', 'http', 'status'),
  ].find(
    (status): status is number => Number.isInteger(status) && Number(status) >= 100 && Number(status) <= 599,
  );
}
