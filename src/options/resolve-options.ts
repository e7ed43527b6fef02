import { type LoggerService } from '@nestjs/common';
import { hostname } from 'node:os';
import { CALLER_MODES } from './caller-mode.js';
import { clientLimits } from './client-limits.js';
import { type LogStreamOptions, type RequestOptions } from './log-stream-options.js';
import { type Fields, group, integer, refuseUnknown, routePath, trueOrFalse } from './option-checks.js';
import { mustBe, optionsMustBeObject, pathsCollide } from './options.messages.js';
import { resolveAlerts } from './resolve-alerts.js';
import { resolveRedact } from './resolve-redact.js';
import { resolveTrailOptions } from './resolve-trail-options.js';
import { type ResolvedLogStreamOptions } from './resolved-options.js';

/**
 * Validates, fills in the defaults, copies and freezes. The only place that knows the defaults.
 *
 * @throws TypeError with a sentence that says what to change
 */
export function resolveOptions(options: LogStreamOptions = {}): ResolvedLogStreamOptions {
  const given: Fields = { ...requireOptions(options) };
  // Defaults are for `undefined`; a `null` is a mistake, and who wrote it may have meant `false`.
  const {
    path = '/ws/monitor',
    stream = true,
    dashboard = true,
    caller = 'budget',
    instance = `${hostname()}:${process.pid}`,
    history = {},
    flush = {},
    compression = false,
    allowedOrigins = [],
    limits = {},
    redact = {},
    alerts = [],
    story = false,
    requests = false,
  } = given;
  const known = {
    path: endpointPath(path),
    stream: route('stream', stream, '/monitor/stream'),
    dashboard: route('dashboard', dashboard, '/monitor'),
    monitor: given.monitor === undefined ? undefined : monitorServer(given.monitor),
    logger: innerLogger(given.logger),
    caller: oneOf('caller', caller, CALLER_MODES),
    instance: text('instance', instance),
    history: historyBounds(history),
    flush: flushBounds(flush),
    compression: trueOrFalse('compression', compression),
    context: functionOrNothing<NonNullable<LogStreamOptions['context']>>('context', given.context),
    story: trueOrFalse('story', story),
    requests: requestsToRecord(requests),
    authorize: functionOrNothing<NonNullable<LogStreamOptions['authorize']>>('authorize', given.authorize),
    allowedOrigins: origins(allowedOrigins),
    limits: clientLimits(limits),
    redact: resolveRedact(redact),
    alerts: resolveAlerts(alerts),
    trail: given.trail === undefined ? undefined : resolveTrailOptions(given.trail),
  };
  refuseUnknown(given, [...Object.keys(known), 'isGlobal']);
  keepApart(known);
  return Object.freeze(known);
}

/** @throws TypeError when the options are no object at all, before Nest trips over them */
export function requireOptions<T extends object>(options: T): T {
  const received: unknown = options;
  if (typeof received !== 'object' || received === null || Array.isArray(received)) {
    throw new TypeError(optionsMustBeObject(received));
  }
  return options;
}

function endpointPath(value: unknown): string {
  if (typeof value !== 'string' || !/^\/[^\s?#]*$/.test(value)) {
    throw new TypeError(
      mustBe('path', "a path with a leading slash and without query, as '/ws/monitor'", value),
    );
  }
  return value.replace(/\/+$/, '') || '/';
}

function route(option: string, value: unknown, defaultPath: string): { readonly path: string } | false {
  if (value === false) return false;
  const { path = defaultPath } = value === true ? {} : group(option, value, ['path']);
  return Object.freeze({ path: routePath(`${option}.path`, path, defaultPath) });
}

function requestsToRecord(value: unknown): ResolvedLogStreamOptions['requests'] {
  if (value === false) return false;
  const { query = false, skip } = value === true ? {} : group('requests', value, ['query', 'skip']);
  return Object.freeze({
    query: trueOrFalse('requests.query', query),
    skip: functionOrNothing<NonNullable<RequestOptions['skip']>>('requests.skip', skip),
  });
}

/** No two of our routes are one; the dashboard also has all below its `assets/`. */
function keepApart({
  path,
  stream,
  dashboard,
  trail,
}: Pick<ResolvedLogStreamOptions, 'path' | 'stream' | 'dashboard' | 'trail'>): void {
  const routes = Object.entries({
    path,
    'stream.path': stream && stream.path,
    'trail.path': trail && trail.path,
    'dashboard.path': dashboard && dashboard.path,
  }).filter((route): route is [string, string] => typeof route[1] === 'string');
  for (const [index, [option, route]] of routes.entries()) {
    for (const [other, earlier] of routes.slice(0, index)) {
      const isAsset = option === 'dashboard.path' && earlier.startsWith(`${route}/assets/`);
      if (earlier === route || isAsset) throw new TypeError(pathsCollide(option, route, other, earlier));
    }
  }
}

function innerLogger(value: unknown): LoggerService | false | undefined {
  if (value === undefined || value === false) return value;
  const methods: unknown = value;
  const isLogger =
    typeof methods === 'object' &&
    methods !== null &&
    ['log', 'error', 'warn'].every((name) => typeof (methods as Fields)[name] === 'function');
  if (!isLogger) {
    throw new TypeError(mustBe('logger', 'a Nest LoggerService (with log, error and warn) or false', value));
  }
  return value as LoggerService;
}

function historyBounds(value: unknown): ResolvedLogStreamOptions['history'] {
  if (value === false) return false;
  const { records = 10_000, bytes = 16 * 1024 * 1024 } = group('history', value, ['records', 'bytes']);
  return Object.freeze({
    records: integer('history.records', records, 1, 10_000_000),
    bytes: integer('history.bytes', bytes, 1024, 2 ** 40),
  });
}

function flushBounds(value: unknown): ResolvedLogStreamOptions['flush'] {
  const {
    windowMs = 20,
    records = 256,
    bytes = 65_536,
  } = group('flush', value, ['windowMs', 'records', 'bytes']);
  return Object.freeze({
    windowMs: integer('flush.windowMs', windowMs, 0, 1000),
    records: integer('flush.records', records, 1, 100_000),
    bytes: integer('flush.bytes', bytes, 1024, 16 * 1024 * 1024),
  });
}

function text(option: string, value: unknown): string {
  if (typeof value !== 'string' || value.trim() === '') {
    throw new TypeError(mustBe(option, 'a text that is not empty', value));
  }
  return value;
}

function oneOf<T extends string>(option: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (!found) throw new TypeError(mustBe(option, `one of ${allowed.map((v) => `'${v}'`).join(', ')}`, value));
  return found;
}

function functionOrNothing<T>(option: string, value: unknown): T | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'function') throw new TypeError(mustBe(option, 'a function', value));
  return value as T;
}

function origins(value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw new TypeError(mustBe('allowedOrigins', 'an array of origins', value));
  return Object.freeze(value.map(origin));
}

function origin(value: unknown): string {
  const parsed = typeof value === 'string' && URL.canParse(value) ? new URL(value).origin : 'null';
  // A URL may hold an asterisk, but no browser sends one: the option would silently never match.
  const isOrigin = parsed !== 'null' && !parsed.includes('*');
  if (!isOrigin || parsed !== String(value).replace(/\/$/, '').toLowerCase()) {
    throw new TypeError(mustBe('allowedOrigins', "origins as 'https://ops.example.com'", value));
  }
  return parsed;
}

function monitorServer(value: unknown): ResolvedLogStreamOptions['monitor'] {
  const { port } = group('monitor', value, ['port']);
  return Object.freeze({ port: integer('monitor.port', port, 0, 65_535) });
}
