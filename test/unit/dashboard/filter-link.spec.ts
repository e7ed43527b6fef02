import {
  array,
  assert,
  boolean,
  constantFrom,
  constant,
  double,
  integer,
  oneof,
  property,
  record,
  string,
  uniqueArray,
} from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFilters, writeFilters } from '../../../src/dashboard/page/model/filter-link.js';
import { LOG_LEVELS } from '../../../src/wire/level.js';
import { NO_FILTER, type PanelFilter } from '../../../src/dashboard/page/model/panel-filter.js';

const NONE = { system: NO_FILTER, audit: NO_FILTER };

describe('the link of a view', () => {
  it('can be read by a person', () => {
    const audit: PanelFilter = {
      ...NO_FILTER,
      search: 'refused',
      hidden: ['DEBUG', 'INFO'],
      fields: [{ path: ['actor', 'id'], value: 'ada', exclude: true }],
    };
    expect(decodeURIComponent(writeFilters({ ...NONE, audit }))).toBe(
      'audit.search=refused&audit.hide=DEBUG,INFO&audit.not=["actor","id","ada"]',
    );
  });

  it('brings back any filters', () => {
    const text = string({ unit: 'grapheme', maxLength: 50 });
    const value = oneof(
      text,
      integer(),
      boolean(),
      constant(null),
      double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
    );
    const filter = record({
      hidden: uniqueArray(constantFrom(...LOG_LEVELS)),
      search: text,
      logger: text,
      action: text,
      marks: array(text, { maxLength: 3 }),
      fields: array(
        record({ path: array(text, { minLength: 1, maxLength: 4 }), value, exclude: boolean() }),
        { maxLength: 5 },
      ).map(
        // Those that must be come before those that must not.
        (fields) => fields.toSorted((one, other) => Number(one.exclude) - Number(other.exclude)),
      ),
    });
    assert(
      property(filter, filter, (system, audit) => {
        expect(readFilters(`#${writeFilters({ system, audit })}`)).toEqual({ system, audit });
      }),
    );
  });

  it('is empty without filters', () => {
    expect(writeFilters(NONE)).toBe('');
    expect(readFilters('')).toEqual(NONE);
  });

  it.each([
    '#',
    '#nonsense',
    '#system.hide=LOUD,,info',
    '#system.is=',
    '#system.is={"a":1}',
    '#system.is=["a"]',
    '#system.is=["a",{"b":1}]',
    '#system.is=[1,"b"]',
    '#system.not=[',
    '#constructor.search=x&__proto__=y',
    '#%',
  ])('that makes no sense filters nothing: %s', (hash) => {
    expect(readFilters(hash)).toEqual(NONE);
  });

  it('is bounded, wherever it comes from', () => {
    const fields = Array.from({ length: 100 }, (_, index) => `system.is=["a",${index}]`).join('&');
    const { system } = readFilters(`#system.search=${'x'.repeat(100_000)}&${fields}`);
    expect([system.search.length, system.fields.length]).toEqual([1_000, 32]);
  });
});
