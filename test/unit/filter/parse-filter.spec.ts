import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FilterError } from '../../../src/wire/filter/filter-error.js';
import { FILTER_LIMITS } from '../../../src/wire/filter/filter-spec.js';
import { parseFilter } from '../../../src/wire/filter/parse-filter.js';
import { anyFilter } from './specs.js';
import { runs } from '../../harness/property-runs.js';

const LONG = 'x'.repeat(FILTER_LIMITS.text + 1);
const LONGEST = 'x'.repeat(FILTER_LIMITS.text);

/** A filter with that many filters inside of each other's `not`. */
function nested(depth: number, innermost: unknown = {}): unknown {
  let filter = innermost;
  for (let level = 0; level < depth; level++) filter = { not: filter };
  return filter;
}

function many(number: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: number }, (_, index) => [`f${index}`, index]));
}

function refusal(filter: unknown): FilterError {
  try {
    parseFilter(filter);
  } catch (error) {
    if (error instanceof FilterError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('a filter that cannot be used is refused with the path of the mistake', () => {
  it.each<[string, unknown, string]>([
    ['no object', 'audit', 'filter'],
    ['null', null, 'filter'],
    ['a list', [{}], 'filter'],
    ['a number', 7, 'filter'],
    ['an unknown field', { levle: 'INFO' }, 'filter.levle'],
    ['a field named __proto__', JSON.parse('{"__proto__":{}}'), 'filter.__proto__'],
    ['a field named as a method', { toString: 'x' }, 'filter.toString'],
    ['an unknown category', { category: 'debug' }, 'filter.category'],
    ['two categories', { category: ['system'] }, 'filter.category'],
    ['no category', { category: null }, 'filter.category'],
    ['a level that nobody has', { level: 'loud' }, 'filter.level'],
    ['a level with a space', { level: ' info' }, 'filter.level'],
    ['a level in levels that is none', { levels: ['INFO', 'LOUD'] }, 'filter.levels[1]'],
    ['levels that are no list', { levels: 'INFO' }, 'filter.levels'],
    ['no levels', { levels: [] }, 'filter.levels'],
    ['more levels than there are', { levels: Array.from({ length: 6 }, () => 'INFO') }, 'filter.levels'],
    ['an empty pattern', { logger: '' }, 'filter.logger'],
    ['a pattern that is too long', { logger: LONG }, 'filter.logger'],
    ['a pattern that is no text', { logger: { '*': 1 } }, 'filter.logger'],
    ['no patterns', { logger: [] }, 'filter.logger'],
    ['too many patterns', { logger: Array.from({ length: 33 }, (_, i) => `l${i}`) }, 'filter.logger'],
    ['a wrong one among patterns', { logger: ['a', 'b', 3] }, 'filter.logger[2]'],
    ['an action that is no text', { action: 1 }, 'filter.action'],
    ['a wrong one among actions', { action: ['', 'b'] }, 'filter.action[0]'],
    ['a search for nothing', { search: '' }, 'filter.search'],
    ['a search that is too long', { search: LONG }, 'filter.search'],
    ['a search for a list', { search: ['x'] }, 'filter.search'],
    ['where that is a list', { where: ['a'] }, 'filter.where'],
    ['where that is null', { where: null }, 'filter.where'],
    ['a field name that is empty', { where: { '': 1 } }, 'filter.where'],
    ['a field name that is too long', { where: { [LONG]: 1 } }, 'filter.where'],
    ['too many fields', { where: many(17) }, 'filter.where'],
    ['a value that is an object', { where: { 'a.b': {} } }, 'filter.where.a.b'],
    ['a value that is a list', { where: { ok: 1, bad: [1] } }, 'filter.where.bad'],
    ['a value that is too long', { where: { a: LONG } }, 'filter.where.a'],
    ['not that is no object', { not: 'x' }, 'filter.not'],
    ['a mistake deep in not', { not: { not: { levels: ['INFO', 1] } } }, 'filter.not.not.levels[1]'],
    ['not that is nested too deep', nested(5), 'filter.not.not.not.not.not'],
    ['not without end', nested(30_000), 'filter.not.not.not.not.not'],
  ])('%s', (_, filter, path) => {
    const error = refusal(filter);
    expect(error).toMatchObject({ name: 'FilterError', code: 'invalid_filter', path });
    expect(error.message.startsWith(`${path} `)).toBe(true);
    expect(error.message.length).toBeLessThan(1_000);
  });

  it('whose path begins as the caller says', () => {
    expect(() => parseFilter({ level: 1 }, 'data.filter')).toThrow(
      expect.objectContaining({ path: 'data.filter.level' }),
    );
  });

  it('whose unknown field is huge is not sent back in full', () => {
    expect(refusal({ ['n'.repeat(60_000)]: 1 }).path).toHaveLength('filter.'.length + FILTER_LIMITS.text);
  });
});

describe('a filter at its limits is accepted', () => {
  it.each<[string, unknown]>([
    ['that is empty', {}],
    ['with the longest text', { search: LONGEST, logger: LONGEST, where: { [LONGEST]: LONGEST } }],
    ['with all patterns', { logger: Array.from({ length: 32 }, (_, i) => `l${i}`) }],
    ['with all fields', { where: many(16) }],
    ['with all levels', { levels: ['CRITICAL', 'ERROR', 'WARNING', 'INFO', 'DEBUG'] }],
    ['nested as deep as may be', nested(4)],
    ['with an empty value', { where: { a: '' } }],
    ['with a field that is undefined', { category: undefined }],
  ])('%s', (_, filter) => {
    expect(() => parseFilter(filter)).not.toThrow();
  });
});

describe('equal filters', () => {
  it('have equal JSON, whatever the order of their keys and lists', () => {
    const shuffled = anyFilter.chain((filter) =>
      fc.tuple(fc.constant(filter), fc.infiniteStream(fc.nat()), fc.boolean()),
    );
    fc.assert(
      fc.property(shuffled, ([filter, chance, twice]) => {
        const draw = (): number => chance.next().value as number;
        const turned = turn(filter, draw, twice);
        expect(JSON.stringify(parseFilter(turned))).toBe(JSON.stringify(parseFilter(filter)));
      }),
    );
  });

  it('are equal when one pattern stands alone', () => {
    expect(parseFilter({ logger: 'a*' })).toEqual(parseFilter({ logger: ['a*', 'a*'] }));
  });

  it('are copies: the caller may change its object', () => {
    const where = { a: 1 };
    const parsed = parseFilter({ where });
    where.a = 2;
    expect(parsed).toEqual({ where: { a: 1 } });
  });

  it('are read to what they were read to before', () => {
    fc.assert(
      fc.property(anyFilter, (filter) => {
        const once = parseFilter(filter);
        expect(JSON.stringify(parseFilter(JSON.parse(JSON.stringify(once))))).toBe(JSON.stringify(once));
      }),
    );
  });

  it('keep a field named __proto__ as one of their own', () => {
    const parsed = parseFilter(JSON.parse('{"where":{"__proto__":"x"}}'));
    expect(Object.entries(parsed.where!)).toEqual([['__proto__', 'x']]);
  });
});

describe('any JSON at all', () => {
  const key = fc.oneof(
    fc.constantFrom('category', 'level', 'levels', 'logger', 'action', 'search', 'where', 'not', '__proto__'),
    fc.string(),
  );
  const json = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', maxDepth: 5 },
      fc.jsonValue(),
      fc.constantFrom('audit', 'INFO', 'ERROR', '*', ''),
      fc.array(tie('value')),
      fc.array(fc.tuple(key, tie('value'))).map((entries) => Object.fromEntries(entries) as unknown),
    ),
  })).value;

  it('is either read or refused, never a crash', () => {
    const outcomes = { read: 0, refused: 0 };
    fc.assert(
      fc.property(json, (value) => {
        const outcome = outcomeOf(value);
        outcomes[outcome] += 1;
      }),
      { numRuns: runs(1_000) },
    );
    expect(outcomes.refused).toBeGreaterThan(100);
    expect(outcomes.read).toBeGreaterThan(0);
  });
});

/** Throws what is neither. */
function outcomeOf(value: unknown): 'read' | 'refused' {
  try {
    JSON.stringify(parseFilter(value));
    return 'read';
  } catch (error) {
    if (error instanceof FilterError && /^filter(?:$|[.[])/.test(error.path)) return 'refused';
    throw error;
  }
}

/** The same filter, written in another way. */
function turn(value: unknown, draw: () => number, twice: boolean, key = ''): unknown {
  if (Array.isArray(value)) {
    const doubled = twice && key !== 'levels' ? [...value, ...value] : value;
    return shuffle(doubled, draw);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(
    ([name, inner]) => [name, turn(inner, draw, twice, name)] as const,
  );
  return Object.fromEntries(shuffle(entries, draw));
}

function shuffle<T>(items: readonly T[], draw: () => number): T[] {
  return items
    .map((item) => ({ item, rank: draw() }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
