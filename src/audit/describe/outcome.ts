import { responseDestroyed } from '../audit.messages.js';
import { readPath, readText } from './read-path.js';
import { textOf } from './text-of.js';

/**
 * How a call ended, as far as can be told: `unknown` is one that its caller gave up, or that the end of the process cut off.
 *
 * @publicApi
 */
export type AuditOutcome = 'success' | 'failure' | 'unknown';

/**
 * Why a call was no success. From where in the call it ended, never from what an error calls itself, but for
 * time-outs.
 *
 * - `denied`: refused by a guard
 * - `validation`: refused by a pipe, before the method
 * - `error`: the method failed, or the response did; also a guard or pipe that broke instead of refusing (answered 5xx)
 * - `timeout`: ended by a time-out (RxJS `TimeoutError`, an aborted `AbortSignal.timeout()`, HTTP 408 or 504)
 * - `aborted`: the caller went away first, or unsubscribed
 * - `crashed`: the process ended first; only the durable trail can tell
 *
 * @publicApi
 */
export type AuditReason = 'error' | 'denied' | 'validation' | 'aborted' | 'timeout' | 'crashed';

/**
 * The error of a failed call, as its record has it.
 *
 * @publicApi
 */
export interface AuditError {
  readonly name: string;
  readonly message: string;
  /** HTTP status that the caller was answered, where that is known; else the status of an `HttpException`. */
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

const TIMEOUT = 'TimeoutError';

const REFUSAL = { guards: 'denied', pipes: 'validation', method: 'error' } as const;

/**
 * The failure of a call that an error ended at a stage.
 *
 * @param responseStatus what the client was answered, where that is known: then it decides, whatever the error says
 */
export function failureAt(stage: Stage, cause: unknown, responseStatus?: number): Conclusion {
  const error = describeError(cause, responseStatus);
  // An error that nobody meant for a caller is answered as "Internal server error", on every transport.
  const isBroken = error.status === undefined && stage !== 'method' && !isForCaller(cause);
  return { outcome: 'failure', reason: isBroken ? brokenAt(error) : reasonAt(stage, error), error, cause };
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

function reasonAt(stage: Stage, error: AuditError): AuditReason {
  const { status } = error;
  if (status === 408 || status === 504) return 'timeout';
  const isBroken = status !== undefined && status >= 500;
  return isBroken || error.name === TIMEOUT ? brokenAt(error) : REFUSAL[stage];
}

/** A guard or pipe that broke has not refused anybody. */
function brokenAt({ name }: AuditError): AuditReason {
  return name === TIMEOUT ? 'timeout' : 'error';
}

/** Never throws, whatever was thrown. */
export function describeError(cause: unknown, responseStatus?: number): AuditError {
  const name = nameOf(cause);
  const status = responseStatus ?? statusOf(cause);
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

/**
 * The status that an error is answered with, by what makes it an answer: Nest's `HttpException` (of any copy of Nest), or
 * GraphQL's `extensions.http`. A mere `status` may be what an upstream has answered to us.
 */
function statusOf(cause: unknown): number | undefined {
  const isAnswer = typeof readPath(cause, 'getStatus') === 'function';
  const status = isAnswer ? readPath(cause, 'status') : readPath(cause, 'extensions', 'http', 'status');
  return Number.isInteger(status) && Number(status) >= 100 && Number(status) <= 599
    ? Number(status)
    : undefined;
}

/** Made to be shown to whoever called: by a WebSocket, microservice or GraphQL exception, or by throwing no error at all. */
function isForCaller(cause: unknown): boolean {
  if (!(cause instanceof Error)) return true;
  return typeof readPath(cause, 'getError') === 'function' || readPath(cause, 'extensions') !== undefined;
}
