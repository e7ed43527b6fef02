import { inspect } from 'node:util';

export const MODULE_MISSING =
  'There is no LogStream in this app: import LogStreamModule.forRoot({ logger: false }) in the module under test, and ' +
  'pass the app, the application context or the testing module that has it.';

export const LOGGER_TAKEN_OVER =
  'The logger of Nest, of which there is one per process, was replaced while logs were recorded, as by ' +
  "`useLogger()` or by compiling another testing module. Lines that the recorded app logged through Nest's Logger " +
  'since then may be missing. Make all apps of a test before its recorders.';

export const patternMustBeObject = (received: unknown): string =>
  `Records are matched by an object, as { level: 'ERROR', message: /declined/ }, or by a predicate; got ${text(received)}.`;

export const patternMustBePlain = (path: string, received: unknown): string =>
  `\`${path}\` of the pattern is ${text(received)}, which no record holds: records are plain JSON. Use a text, a ` +
  'number, a boolean, null, a regular expression, an object or list of these, or a matcher as expect.any(Number).';

export const differs = (path: string, actual: unknown, expected: unknown): string =>
  actual === undefined
    ? `${path} is missing, not ${text(expected)}`
    : `${path} is ${text(actual)}, not ${text(expected)}`;

export const NOT_AUDIT = 'action is of audit records only, and this is a system record';

/** Says nothing that a person would want to read below a record. */
export const PREDICATE_REFUSED = 'refused by the predicate';

export const ALREADY_RETURNED = 'matches, but an earlier next() has returned it';

export const APP_CLOSED = 'before the app was closed';
export const RECORDER_STOPPED = 'before the recorder was stopped';
export const withinMs = (timeoutMs: number): string => `within ${timeoutMs} ms`;

/** Records shown in the message of a failed wait. */
const SHOWN = 5;

const LONGEST_LINE = 240;

/** A record that was not it, and why. */
export interface Miss {
  readonly record: Readonly<Record<string, unknown>>;
  readonly differences: readonly string[];
}

/** @param misses the nearest first */
export function noneMatched(matcher: unknown, until: string, misses: readonly Miss[]): string {
  const wanted = `No record matched ${text(matcher)} ${until}.`;
  if (misses.length === 0) return `${wanted} Nothing was recorded.`;
  const more = misses.length > SHOWN ? [`  ... and ${misses.length - SHOWN} more`] : [];
  return [
    `${wanted} ${misses.length} recorded, the nearest first:`,
    ...misses.slice(0, SHOWN).flatMap(linesOf),
    ...more,
  ].join('\n');
}

function linesOf({ record, differences }: Miss): string[] {
  const { timestamp: _, level, logger, message, module: _m, function: _f, line: _l, ...fields } = record;
  const rest = Object.keys(fields).length > 0 ? ` ${JSON.stringify(fields)}` : '';
  const why = differences.filter((difference) => difference !== PREDICATE_REFUSED);
  return [
    `  ${cut(`${String(level)} ${String(logger)} ${JSON.stringify(message)}${rest}`)}`,
    ...why.map((difference) => `    - ${cut(difference)}`),
  ];
}

function text(value: unknown): string {
  return inspect(readable(value), { depth: 6, breakLength: Number.POSITIVE_INFINITY });
}

/** With the matchers of test frameworks as they print themselves, and functions by their source. */
function readable(value: unknown): unknown {
  if (typeof value === 'function') return verbatim(cut(String(value).replaceAll(/\s+/g, ' ')));
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null) return value;
  if ('toAsymmetricMatcher' in value && typeof value.toAsymmetricMatcher === 'function') {
    return verbatim(String(value.toAsymmetricMatcher()));
  }
  if (Object.prototype.toString.call(value) !== '[object Object]') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, readable(inner)]));
}

function verbatim(shown: string): object {
  return { [inspect.custom]: () => shown };
}

function cut(line: string): string {
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE - 1)}…` : line;
}
