import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine } from '../../../src/cli/audit/csv-line.js';

/** RFC 4180, one record. */
function parse(line: string): string[] {
  const cells: string[] = [];
  for (let rest = `,${line}`; rest !== '';) {
    const [all, quoted, plain = ''] = /^,(?:"((?:[^"]|"")*)"|([^",\r\n]*))/.exec(rest) ?? [];
    if (all === undefined) throw new Error(`no CSV: ${JSON.stringify(rest)}`);
    cells.push(quoted?.replaceAll('""', '"') ?? plain);
    rest = rest.slice(all.length);
  }
  return cells;
}

describe('a line of CSV', () => {
  it.each([
    ['=1+1', `'=1+1`],
    ['+1', `'+1`],
    ['-1', `'-1`],
    ['@SUM(A1)', `'@SUM(A1)`],
    ['\t=1', `'  =1`],
    ['\r=1', `'␍=1`],
    ['\n=1', `"'\n=1"`],
    ['＝1', `'＝1`],
    ['a=1', 'a=1'],
    ['say "hi", you', '"say ""hi"", you"'],
    ['two\r\nlines', '"two\nlines"'],
    ['\u001b[2J', '␛[2J'],
    ['', ''],
  ])('has %j as %j', (text, cell) => {
    expect(csvLine([text])).toBe(`${cell}\r\n`);
  });

  it('has numbers as they are', () => {
    expect(csvLine([-1, 0, 1.5])).toBe('-1,0,1.5\r\n');
  });

  it('is read back by others, and holds no formula and nothing that a terminal obeys', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (texts) => {
        const line = csvLine(texts);
        expect(line.endsWith('\r\n')).toBe(true);
        const cells = parse(line.slice(0, -2));
        expect(cells).toHaveLength(texts.length);
        for (const cell of cells) {
          expect(cell).not.toMatch(/^[=+\-@\t\r\n]/);
          // oxlint-disable-next-line no-control-regex -- that is what it is about
          expect(cell).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
        }
      }),
    );
  });
});
