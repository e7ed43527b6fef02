import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldRepeats } from '../../../src/dashboard/page/model/fold-repeats.js';
import { rowText } from '../../../src/dashboard/page/model/row-text.js';
import { gap, record } from './rows.js';

describe('repeats of a message', () => {
  it('stand in the first of them, with their number and how long they took', () => {
    const rows = [record(1, { message: 'a' }), record(2, { message: 'a' }), record(1_502, { message: 'a' })];
    const [row, ...others] = foldRepeats(rows);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ seq: 1, repeats: { count: 3, spanMs: 1_501, last: rows[2]!.key } });
    const parts = { columns: ['message'], inline: [], actor: false, fields: false, zone: 'utc' } as const;
    expect(rowText(row!, parts)).toBe('3 times in 1.50 s a');
  });

  it('are not those of another level or logger, nor across a gap', () => {
    const rows = [
      record(1, { message: 'a' }),
      record(2, { message: 'a', level: 'ERROR' }),
      record(3, { message: 'a', level: 'ERROR', logger: 'other' }),
      gap(4, 5),
      record(6, { message: 'a', level: 'ERROR', logger: 'other' }),
    ];
    expect(foldRepeats(rows)).toEqual(rows);
  });

  it('are all there, in order', () => {
    assert(
      property(array(constantFrom('a', 'b')), (messages) => {
        const folded = foldRepeats(messages.map((message, index) => record(index + 1, { message })));
        const unfolded = folded.flatMap((row) =>
          row.kind === 'record' ? Array<string>(row.repeats?.count ?? 1).fill(row.data.message) : [],
        );
        expect(unfolded).toEqual(messages);
        expect(folded.map(({ key }) => key)).toEqual(folded.map(({ key }) => key).toSorted((a, b) => a - b));
      }),
    );
  });
});
