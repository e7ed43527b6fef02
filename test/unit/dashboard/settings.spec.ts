import { describe, expect, it } from 'vitest';
import { columnsOf } from '../../../src/dashboard/page/model/columns.js';
import { DEFAULT_SETTINGS, readSettings } from '../../../src/dashboard/page/model/settings.js';

describe('settings', () => {
  it('come back as they were stored', () => {
    const settings = {
      theme: 'dark',
      zone: 'utc',
      wrap: true,
      split: 30.5,
      newestFirst: { system: true, audit: false },
      hiddenColumns: { system: ['time'], audit: [] },
      fieldColumns: { system: ['field:["user_id"]'], audit: [] },
    };
    expect(readSettings(JSON.stringify(settings))).toEqual(settings);
  });

  it.each([
    null,
    '',
    '{',
    '5',
    'null',
    '[]',
    '{"theme":"pink","split":"wide","zone":5,"hiddenColumns":{"system":5}}',
  ])('are the usual ones where nothing sensible is stored: %s', (stored) => {
    expect(readSettings(stored)).toEqual(DEFAULT_SETTINGS);
  });

  it('keep both panels in sight', () => {
    expect(readSettings('{"split":2}').split).toBe(20);
    expect(readSettings('{"split":1e9}').split).toBe(80);
    expect(readSettings('{"hiddenColumns":{"audit":["actor","constructor"]}}').hiddenColumns.audit).toEqual([
      'actor',
    ]);
  });
});

describe('columns', () => {
  it('always have the message', () => {
    expect(columnsOf('system', ['time', 'level', 'logger', 'source', 'fields', 'seq'], new Set())).toEqual([
      'message',
    ]);
  });

  it('that nothing was ever in take no room', () => {
    expect(columnsOf('audit', ['seq', 'level', 'logger'], new Set(['outcome']))).toEqual([
      'time',
      'action',
      'outcome',
      'message',
    ]);
  });
});
