import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLevel, LOG_LEVELS } from '../../../src/wire/level.js';
import { type LogRecord } from '../../../src/record/log-record.js';
import { compileFilter } from '../../../src/wire/filter/compile-filter.js';
import { type FilterSpec } from '../../../src/wire/filter/filter-spec.js';
import { recordText } from '../../../src/wire/record-text.js';
import { parseFilter } from '../../../src/wire/filter/parse-filter.js';
import { anyFilter, anyRecord, aRecord, narrowFilter } from './specs.js';
import { runs } from '../../harness/property-runs.js';

function passes(filter: FilterSpec, record: LogRecord): boolean {
  return (compileFilter(parseFilter(filter)) ?? (() => true))(record);
}

/** What a filter means, by the letter of docs/protocol.md and as slow as it likes. */
function oracle(filter: FilterSpec, record: LogRecord): boolean {
  const { category, level, levels, logger, action, search, where, not } = filter;
  if (category !== undefined && record.category !== category) return false;
  if (level !== undefined && LOG_LEVELS.indexOf(record.level) < LOG_LEVELS.indexOf(parseLevel(level)!))
    return false;
  if (levels !== undefined && !levels.includes(record.level)) return false;
  if (logger !== undefined && !like(logger, record.logger)) return false;
  if (action !== undefined && !(record.category === 'audit' && like(action, record.action))) return false;
  if (search !== undefined && !recordText(record).toLowerCase().includes(search.toLowerCase())) return false;
  for (const [path, expected] of Object.entries(where ?? {})) {
    const value = valueAt(record, path);
    if (value === undefined || (typeof value === 'object' && value !== null)) return false;
    if (`${value as string}` !== `${expected}`) return false;
  }
  return not === undefined || !oracle(not, record);
}

function like(patterns: string | readonly string[], value: unknown): boolean {
  const expressions = [patterns]
    .flat()
    .map((glob) => new RegExp(`^${glob.replaceAll('.', '\\.').replaceAll('*', '.*')}$`, 's'));
  return typeof value === 'string' && expressions.some((expression) => expression.test(value));
}

const NAMED = [
  'timestamp',
  'level',
  'logger',
  'message',
  'module',
  'function',
  'line',
  'action',
  'metadata',
  'error',
];

function valueAt(record: LogRecord, path: string): unknown {
  if (Object.hasOwn(record.extra, path)) return record.extra[path];
  const own: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of Object.entries(record.extra)) own[name] = value;
  for (const name of NAMED) {
    const value = record[name as keyof LogRecord];
    if (value !== undefined && value !== null) own[name] = value;
  }
  let value: unknown = own;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.entries(value).find(([key]) => key === name)?.[1];
  }
  return value;
}

describe('a compiled filter', () => {
  it('is nothing at all when it lets everything pass', () => {
    expect(compileFilter(parseFilter({}))).toBeUndefined();
    expect(compileFilter(parseFilter({ where: {} }))).toBeUndefined();
  });

  it('decides as the specification does', () => {
    const seen = { passed: 0, held: 0 };
    fc.assert(
      fc.property(
        fc.oneof(anyFilter, narrowFilter),
        fc.array(anyRecord, { minLength: 1 }),
        (filter, records) => {
          for (const record of records) {
            const expected = oracle(filter, record);
            seen[expected ? 'passed' : 'held'] += 1;
            expect(passes(filter, record)).toBe(expected);
          }
        },
      ),
      { numRuns: runs(1_000) },
    );
    expect(seen.passed).toBeGreaterThan(runs(1_000) / 2);
    expect(seen.held).toBeGreaterThan(runs(1_000) / 2);
  });

  it('lets pass exactly what its negation holds back', () => {
    fc.assert(
      fc.property(narrowFilter, anyRecord, (filter, record) => {
        const { not: _, ...positive } = filter;
        expect(passes({ not: positive }, record)).toBe(!passes(positive, record));
        expect(passes({ not: { not: positive } }, record)).toBe(passes(positive, record));
      }),
    );
  });
});

describe('a condition', () => {
  it('on the lowest level lets that and all above pass', () => {
    const passed = LOG_LEVELS.filter((level) => passes({ level: 'WARNING' }, aRecord({ level })));
    expect(passed).toEqual(['WARNING', 'ERROR', 'CRITICAL']);
  });

  it('on levels lets exactly these pass', () => {
    const passed = LOG_LEVELS.filter((level) => passes({ levels: ['DEBUG', 'ERROR'] }, aRecord({ level })));
    expect(passed).toEqual(['DEBUG', 'ERROR']);
  });

  it('on the action never lets a system record pass, even one with a field of that name', () => {
    expect(passes({ action: '*' }, aRecord({ extra: { action: 'login' } }))).toBe(false);
    expect(passes({ action: 'log*' }, aRecord({ category: 'audit', action: 'login' }))).toBe(true);
    expect(passes({ action: '*' }, aRecord({ category: 'audit', action: 7 }))).toBe(false);
  });

  it('on nothing, negated, lets nothing pass', () => {
    expect(passes({ not: {} }, aRecord())).toBe(false);
  });

  it('of several holds only when all do', () => {
    const filter: FilterSpec = { category: 'audit', where: { a: 1, b: 2 } };
    expect(passes(filter, aRecord({ category: 'audit', extra: { a: 1, b: 2 } }))).toBe(true);
    expect(passes(filter, aRecord({ category: 'audit', extra: { a: 1 } }))).toBe(false);
    expect(passes(filter, aRecord({ extra: { a: 1, b: 2 } }))).toBe(false);
  });
});
