import { assert, constantFrom, property, record, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldTime, timeOfField } from '../../../src/dashboard/page/model/local-time.js';
import { NO_FILTER, type PanelFilter } from '../../../src/dashboard/page/model/panel-filter.js';
import {
  ANY_ENTRY,
  conditionOf,
  pageParameters,
  queryOfFilter,
  readTrailLink,
  writeTrailLink,
} from '../../../src/dashboard/page/model/trail-query.js';

describe('a search in the trail', () => {
  it('asks for pages, newest first', () => {
    expect(pageParameters({ ...ANY_ENTRY, action: 'user_*', text: ' a&b ' }, 200, 17).toString()).toBe(
      'action=user_*&text=a%26b&order=desc&limit=200&before=17',
    );
    expect(pageParameters(ANY_ENTRY, 5).toString()).toBe('order=desc&limit=5');
  });

  it('comes back from its link, whatever it is for', () => {
    const text = string({ unit: 'grapheme', maxLength: 50 }).map((value) => value.trim());
    const query = record({
      action: text,
      actor: text,
      target: text,
      outcome: constantFrom('', 'success'),
      from: text,
      to: text,
      text,
      kinds: text,
    });
    assert(
      property(query, (value) => {
        expect(readTrailLink(`#${writeTrailLink(value)}`)).toEqual(value);
      }),
    );
  });

  it('is in no link that does not say so, and bounded in one that does', () => {
    expect(readTrailLink('#audit.search=x&trail.text=y')).toBeUndefined();
    expect(writeTrailLink(undefined)).toBe('');
    expect(readTrailLink(`#trail=search&trail.text=${'x'.repeat(5_000)}&trail.__proto__=1`)).toEqual({
      ...ANY_ENTRY,
      text: 'x'.repeat(1_000),
    });
  });

  it.each<[Partial<PanelFilter>, object]>([
    [{ search: ' refused ' }, { text: 'refused' }],
    [{ action: 'user_' }, { action: 'user_*' }],
    [{ action: 'user_*' }, { action: 'user_*' }],
    [{ action: 'a, b' }, {}],
    [{ action: '-a' }, {}],
    [{ action: '*a' }, {}],
    [{ action: 'a*b' }, {}],
    [{ fields: [{ path: ['actor', 'id'], value: 'ann', exclude: false }] }, { actor: 'ann' }],
    [{ fields: [{ path: ['actor', 'id'], value: 'ann', exclude: true }] }, {}],
    [{ fields: [{ path: ['targets', '0', 'id'], value: 7, exclude: false }] }, { target: '7' }],
    [{ fields: [{ path: ['tenant'], value: 'x', exclude: false }] }, {}],
  ])('takes from the filter %j what it can ask for', (filter, query) => {
    expect(queryOfFilter({ ...NO_FILTER, ...filter })).toEqual({ ...ANY_ENTRY, ...query });
  });

  it('asks for nothing by an empty value', () => {
    expect(conditionOf(['action'], '')).toBeUndefined();
    expect(conditionOf(['outcome'], 'failure')).toEqual({ outcome: 'failure' });
  });
});

describe('a time in a field', () => {
  it.each(['utc', 'local'] as const)('is the same there and back, %s', (zone) => {
    const iso = '2025-10-08T18:30:45.000Z';
    expect(timeOfField(fieldTime(iso, zone), zone)).toBe(iso);
  });

  it('is UTC where times are', () => {
    expect(fieldTime('2025-10-08T18:30:45.123Z', 'utc')).toBe('2025-10-08T18:30:45');
    expect(timeOfField('2025-10-08T18:30', 'utc')).toBe('2025-10-08T18:30:00.000Z');
  });

  it('is nothing where there is none', () => {
    for (const text of ['', 'nonsense']) {
      expect([fieldTime(text, 'utc'), timeOfField(text, 'utc'), timeOfField(text, 'local')]).toEqual([
        '',
        '',
        '',
      ]);
    }
  });
});
