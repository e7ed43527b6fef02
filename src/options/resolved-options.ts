import { type ResolvedAlert } from './alert-options.js';
import { type LimitOptions, type LogStreamOptions, type RequestOptions } from './log-stream-options.js';
import { type RedactOptions } from './redact-options.js';
import { type ResolvedTrailOptions } from './trail-options.js';

/** Injection token of the {@link ResolvedLogStreamOptions}. */
export const LOG_STREAM_OPTIONS: unique symbol = Symbol('nestjs-log-stream:options');

type Filled<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };

/** {@link LimitOptions}, complete. */
export interface ResolvedLimits extends Filled<Omit<LimitOptions, 'messages' | 'readings'>> {
  readonly messages: Filled<NonNullable<LimitOptions['messages']>>;
  readonly readings: Filled<NonNullable<LimitOptions['readings']>>;
}

/** What is hidden, complete but for the hash, which is off when there is none. */
export interface ResolvedRedactOptions extends Filled<Omit<RedactOptions, 'hash'>> {
  readonly hash: Readonly<NonNullable<RedactOptions['hash']>> | undefined;
}

/** The options after validation: complete, copied from the caller's object, frozen. */
export interface ResolvedLogStreamOptions extends Filled<
  Omit<
    LogStreamOptions,
    | 'logger'
    | 'history'
    | 'flush'
    | 'limits'
    | 'stream'
    | 'dashboard'
    | 'monitor'
    | 'context'
    | 'authorize'
    | 'redact'
    | 'trail'
    | 'alerts'
    | 'requests'
  >
> {
  /** `undefined`: the app's own. */
  readonly logger: LogStreamOptions['logger'];
  readonly history: Filled<Exclude<LogStreamOptions['history'], false | undefined>> | false;
  readonly flush: Filled<NonNullable<LogStreamOptions['flush']>>;
  readonly limits: ResolvedLimits;
  readonly stream: { readonly path: string } | false;
  readonly dashboard: { readonly path: string } | false;
  readonly monitor: { readonly port: number } | undefined;
  readonly context: LogStreamOptions['context'];
  readonly authorize: LogStreamOptions['authorize'];
  readonly requests: { readonly query: boolean; readonly skip: RequestOptions['skip'] } | false;
  readonly redact: ResolvedRedactOptions | false;
  readonly alerts: readonly ResolvedAlert[];
  readonly trail: ResolvedTrailOptions | undefined;
}
