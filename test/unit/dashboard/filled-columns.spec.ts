import { describe, expect, it } from 'vitest';
import { type SparseColumn } from '../../../src/dashboard/page/model/columns.js';
import { filledColumns } from '../../../src/dashboard/page/model/filled-columns.js';
import { rowText } from '../../../src/dashboard/page/model/row-text.js';
import { record } from './rows.js';

const NONE = new Set<SparseColumn>();
const rows = (count: number, every: number): ReturnType<typeof record>[] =>
  Array.from({ length: count }, (_, index) =>
    record(
      index + 1,
      { action: 'a', ...(index % every === 0 ? { outcome: 'success', duration_ms: 4 } : {}) },
      'audit',
    ),
  );

describe('columns that are rarely filled', () => {
  it('take room where many of the newest rows have a value', () => {
    expect([...filledColumns(rows(50, 2), NONE)]).toEqual(['outcome', 'duration']);
    expect([...filledColumns(rows(1, 1), NONE)]).toEqual(['outcome', 'duration']);
    expect([...filledColumns(rows(50, 10), NONE)]).toEqual([]);
    expect([...filledColumns([], NONE)]).toEqual([]);
  });

  it('do not come and go', () => {
    const before = filledColumns(rows(50, 2), NONE);
    expect(filledColumns(rows(50, 5), before)).toEqual(before);
    expect([...filledColumns(rows(50, 25), before)]).toEqual([]);
  });

  it('stand with the message otherwise: nothing is hidden', () => {
    const [row] = rows(1, 1);
    const parts = {
      columns: ['action', 'message'] as const,
      actor: true,
      fields: true,
      zone: 'utc',
    } as const;
    expect(rowText(row!, { ...parts, inline: ['outcome', 'duration'] })).toBe('a ok message 1 4 ms');
    expect(rowText(row!, { ...parts, inline: [] })).toBe('a message 1');
  });
});
