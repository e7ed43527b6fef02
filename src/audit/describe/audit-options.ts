import { type ExecutionContext } from '@nestjs/common';
import { type Observable } from 'rxjs';
import { type LevelName } from '../../wire/level.js';
import { type AuditActorLike } from './actor.js';
import { type AuditActorQuery } from './audit-actor-resolver.js';
import { type AuditFailurePolicy } from '../audit-event.js';
import { type AuditOutcome, type AuditReason } from './outcome.js';

/** A method of any shape; `never` lets every parameter list match. */
export type AnyMethod = (...args: never[]) => unknown;

/** A method whose callers wait for what it does. */
export type AsyncMethod = (
  ...args: never[]
) => Promise<unknown> | Observable<unknown> | AsyncGenerator<unknown, unknown, never>;

/** The method that options without a type argument are written for. */
export type UntypedMethod = (...args: unknown[]) => unknown;

/**
 * What a method produces in the end: the value of a promise, the last value of an Observable, the return value of an
 * async generator.
 */
export type AuditedResult<Returned> =
  Returned extends AsyncGenerator<unknown, infer Last>
    ? Last
    : Returned extends Observable<infer Emitted>
      ? Emitted
      : Returned extends PromiseLike<infer Resolved>
        ? AuditedResult<Resolved>
        : Returned;

/**
 * A call that has ended, as extractors see it.
 *
 * @publicApi
 */
export interface AuditedCall<Method extends AnyMethod = UntypedMethod> {
  /**
   * The arguments as they were before the call: a copy, of which instances of classes keep their prototype but not their
   * `#private` fields. What lives rather than holds data (the request, a socket, a stream) is the object itself.
   */
  readonly args: Parameters<Method>;
  /** `undefined` when the call failed or has not ended. The method's own object: do not change it. */
  readonly result?: AuditedResult<ReturnType<Method>>;
  /** What the method threw. */
  readonly error?: unknown;
  /** Of the handler that Nest called; `undefined` outside of handlers. */
  readonly context?: ExecutionContext;
}

/**
 * What was acted on.
 *
 * @publicApi
 */
export interface AuditTarget {
  readonly id: string;
  /** What kind of thing: `user`, `invoice`. */
  readonly type?: string;
  readonly name?: string;
}

type OneOrMore<T> = T | readonly T[];
type MaybeLater<T> = T | PromiseLike<T>;

/**
 * Options of `@Audit`. Functions among them run guarded: what they throw, or reject with, becomes the field
 * `metadata_error` and never reaches the application. They are not asked about calls that did not reach the method
 * (`denied`, `validation`): there are no arguments yet.
 *
 * @publicApi
 */
export interface AuditOptions<Method extends AnyMethod = UntypedMethod> {
  /** @default a sentence from action and outcome */
  readonly message?:
    | string
    | ((
        call: AuditedCall<Method> & { readonly outcome: AuditOutcome; readonly reason?: AuditReason },
      ) => string);
  /**
   * Level of the record, whatever the outcome; by Nest's name or by that of the wire, in any case.
   * @default 'log' for a success, 'error' for failures of the server (no HTTP status, or 5xx), 'warn' for the others
   */
  readonly level?: LevelName;
  /** @default {} */
  readonly metadata?: object | ((call: AuditedCall<Method>) => MaybeLater<object | undefined>);
  /** What was acted on; a text or number is its id. */
  readonly target?:
    | OneOrMore<AuditTarget | string | number>
    | ((call: AuditedCall<Method>) => MaybeLater<OneOrMore<AuditTarget | string | number> | undefined>);
  /** Who acted, before every other source; a function may answer later, or with `undefined` to pass. */
  readonly actor?:
    AuditActorLike | ((query: AuditActorQuery) => MaybeLater<AuditActorLike | undefined | null>);
  /**
   * Leaves the record out when it returns true; a predicate that throws leaves nothing out. With `failure: 'closed'` it
   * is asked before the call and only then: one that looks at `result` or `error` throws, and leaves nothing out.
   */
  readonly skip?: (call: AuditedCall<Method>) => boolean;
  /**
   * `closed` refuses calls that cannot be audited. It needs a durable sink, as the option `trail` of `LogStreamModule`
   * brings one: without, the app does not start. The functions above are then asked twice, before the call without a
   * result and after it.
   * @default 'open'
   */
  readonly failure?: AuditFailurePolicy;
  /**
   * Whether arguments and result come along, as the fields `args` and `result`.
   * @default { args: false, result: false }
   */
  readonly include?: { readonly args?: boolean; readonly result?: boolean };
  /**
   * Names of fields whose values are replaced by `[redacted]`, at any depth of metadata, args and result, in upper or
   * lower case.
   * @default []
   */
  readonly redact?: readonly string[];
  /** Describes an error of the application's own: what it returns, wins over what was found out. */
  readonly errors?: (error: unknown) => AuditErrorDescription | undefined;
}

/**
 * What is said of an error in the record of a failed call, in the place of what it says of itself.
 *
 * @publicApi
 */
export interface AuditErrorDescription {
  readonly name?: string;
  readonly message?: string;
  readonly status?: number;
  readonly reason?: AuditReason;
}

/** The defaults of a class under the options of a method; `include` and `redact` add up. */
export function withDefaults(defaults: AuditOptions | undefined, own: AuditOptions): AuditOptions {
  if (!defaults) return own;
  return {
    ...defaults,
    ...own,
    include: { ...defaults.include, ...own.include },
    redact: [...(defaults.redact ?? []), ...(own.redact ?? [])],
  };
}
