import { describe, expect, it } from 'vitest';
import {
  fieldColumn,
  fieldLabel,
  fieldText,
  isFieldColumn,
  SeenFields,
} from '../../../src/dashboard/page/model/field-columns.js';
import { readSettings } from '../../../src/dashboard/page/model/settings.js';
import { record } from './rows.js';

describe('fields as columns', () => {
  it('are chosen from those seen, also in objects', () => {
    const seen = new SeenFields();
    seen.note(record(1, { user_id: 5, order: { id: 'o', deep: { er: { no: 1 } } }, ids: [1] }));
    seen.note(record(2, { user_id: 6, metadata: { role: 'admin' } }));
    expect(seen.all.map(fieldLabel)).toEqual(['ids', 'metadata.role', 'order.id', 'user_id']);
  });

  it('are no more than a person can choose from, whatever is logged', () => {
    const seen = new SeenFields();
    for (let n = 0; n < 1_000; n += 1) seen.note(record(n + 1, { [`field_${n}`]: n }));
    expect(seen.all).toHaveLength(200);
  });

  it('say what the record has there, by its own fields alone', () => {
    const { data } = record(1, { 'a.b': 'flat', a: { b: { c: 1 } } });
    expect(fieldText(data, fieldColumn(['a.b']))).toBe('flat');
    expect(fieldText(data, fieldColumn(['a', 'b']))).toBe('{"c":1}');
    expect(fieldText(data, fieldColumn(['constructor', 'name']))).toBe('');
    expect(fieldText(data, fieldColumn(['none']))).toBe('');
  });

  it('come back from the settings, as far as they make sense', () => {
    const column = fieldColumn(['metadata', 'role']);
    const stored = { fieldColumns: { audit: [column, 'field:{', 'field:[]', 'time', 7], system: 'x' } };
    expect(readSettings(JSON.stringify(stored)).fieldColumns).toEqual({ system: [], audit: [column] });
    expect(isFieldColumn('field:[1]')).toBe(false);
  });
});
