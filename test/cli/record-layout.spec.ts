import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type RecordItem } from '../../src/client/index.js';
import { RecordLayout } from '../../src/cli/tail/record-layout.js';
import { Clock } from '../../src/cli/terminal/clock.js';
import { columnsOf } from '../../src/cli/terminal/columns.js';
import { paintFor } from '../../src/cli/terminal/paint.js';
import { visibleJson } from '../../src/cli/terminal/visible-text.js';

const PLACE = { epoch: 'e', cursor: 'e-1' };

function system(data: object): RecordItem {
  const record = {
    timestamp: '2025-10-08T18:30:45.123Z',
    level: 'INFO',
    logger: 'app',
    message: 'm',
    ...data,
  };
  return { type: 'system_log', seq: 1, ...PLACE, data: record as never };
}

function shown(item: RecordItem, columns?: number, full = false): string {
  const clock = new Clock(true);
  return new RecordLayout({ paint: (_, text) => text, clock, width: () => columns, full }).text(item);
}

/** What a terminal obeys, or does not show. */
const HIDDEN = /(?![\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('\u001b[2J', '\u009b', '\u202e', '\n', '\r', '\t', ' ', 'a', '日', '👩‍👩‍👧‍👦', 'é'),
  }),
);
const value = fc.oneof(text, fc.jsonValue());
const item = fc
  .record({
    logger: text,
    message: text,
    level: fc.oneof(fc.constantFrom('INFO', 'ERROR', 'CRITICAL', 'toString'), text),
    timestamp: fc.oneof(fc.constant('2025-10-08T18:30:45.123Z'), text),
    module: text,
    function: text,
    extra: fc.dictionary(text, value, { maxKeys: 4 }),
    error: fc.option(fc.record({ name: text, message: text, stack: text, cause: value, code: value }), {
      nil: undefined,
    }),
  })
  .map(({ extra, ...data }) => system({ ...extra, ...data }));

describe('a record in a terminal', () => {
  it('never makes it do anything, whatever was logged', () => {
    fc.assert(
      fc.property(item, fc.option(fc.integer({ min: 20, max: 200 }), { nil: undefined }), (item, columns) => {
        expect(shown(item, columns)).not.toMatch(HIDDEN);
        expect(visibleJson(JSON.stringify(item))).not.toMatch(
          /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u,
        );
        expect(JSON.parse(visibleJson(JSON.stringify(item)))).toEqual(JSON.parse(JSON.stringify(item)));
      }),
    );
  });

  it('is never wider than it, and starts at its edge only once', () => {
    fc.assert(
      fc.property(item, fc.integer({ min: 20, max: 200 }), (item, columns) => {
        const [first = '', ...others] = shown(item, columns).split('\n').slice(0, -1);
        for (const line of [first, ...others]) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
        // No logged line feed can make a line look like a record of its own.
        for (const line of others) expect(line).toMatch(/^(?: {2,}|$)/);
      }),
    );
  });

  it('shows what would be obeyed', () => {
    const message = '\u001b[31red\u0007 \u009b1J \u202eevil\u202c tab\there\r\nfake\u007f \u200b\ufeff';
    expect(shown(system({ message, 'k\u001b': 'v\u0000' }))).toBe(
      '18:30:45.123Z INFO  app ␛[31red␇ \\u{9b}1J \\u{202e}evil\\u{202c} tab  here\n' +
        `${' '.repeat(24)}fake␡ \\u{200b}\\u{feff} k␛=v␀\n`,
    );
  });

  it('wraps at words, and indents what goes on', () => {
    const message = 'The quick brown fox jumps over the lazy dog again and again';
    expect(shown(system({ message, instance_id: 'abc', note: 'two words' }), 60)).toBe(
      [
        '18:30:45.123Z INFO  app The quick brown fox jumps over the',
        '    lazy dog again and again instance_id=abc',
        '    note="two words"',
        '',
      ].join('\n'),
    );
  });

  it('cuts what is longer than a line between its members, not within a number', () => {
    const order = { ids: [1_234_567, 2_345_678, 3_456_789], at: '18:30:45.123', price: 1_299.5 };
    const lines = shown(system({ order }), 40).split('\n');
    expect(lines.slice(1, -1).map((line) => line.trim())).toEqual([
      '{"ids":[1234567,2345678,3456789],',
      '"at":"18:30:45.123","price":1299.5}',
    ]);
  });

  it('shows the colours that were logged, but for those that a background may have', () => {
    const paint = vi.fn((_style: string, text: string, _logged?: object) => text);
    const records = new RecordLayout({ paint, clock: new Clock(true), width: () => 60, full: false });
    const message = 'a \u001b[31mred\nrow\u001b[0m\u001b[30mx';
    expect(records.text(system({ message, state: '\u001b[32mup\u001b[0m' }))).toContain('state=up');
    const painted = paint.mock.calls.filter(([, , logged]) => logged);
    expect(painted.map(([, text, logged]) => [text, logged])).toEqual([
      ['red', { colour: 1 }],
      ['row', { colour: 1 }],
      ['x', { colour: 0 }],
      ['up', { colour: 2 }],
    ]);
    const shownInBlack = paintFor({ isTTY: true }, {})('message', 'x', { colour: 0 });
    expect(shownInBlack).toBe('x');
  });

  it('knows how wide wide characters are', () => {
    expect(['日本', '한국', 'é', '👩‍👩‍👧‍👦', 'ａ', '☎️', 'a\u0301'].map(columnsOf)).toEqual([4, 4, 1, 2, 2, 2, 1]);
    expect(shown(system({ message: '日本語'.repeat(10) }), 40)).toBe(
      ['18:30:45.123Z INFO  app', `    ${'日本語'.repeat(6)}`, `    ${'日本語'.repeat(4)}`, ''].join('\n'),
    );
  });

  it('aligns messages behind the longest logger so far, and keeps the end of one that is too long', () => {
    const clock = new Clock(true);
    const records = new RecordLayout({ paint: (_, text) => text, clock, width: () => 100, full: false });
    const lines = ['a', 'Longer', 'b', 'com.example.billing.InvoiceService.Worker'].map((logger) =>
      records.text(system({ logger })),
    );
    expect(lines.map((line) => line.slice(20))).toEqual([
      'a m\n',
      'Longer m\n',
      'b      m\n',
      '…g.InvoiceService.Worker m\n',
    ]);
  });

  it('shows a trace in lines of its own, says nothing twice, and tells the causes', () => {
    const error = {
      name: 'TypeError',
      message: 'no id',
      stack: 'TypeError: no id\n    at find (/app/src/find.ts:3:7)\n    at run (node:internal/x:1:1)',
      code: 'E_ID',
      cause: {
        name: 'Error',
        message: 'refused',
        stack: 'Error: refused\n    at dial (/app/src/dial.ts:1:1)',
      },
    };
    expect(shown(system({ level: 'ERROR', message: 'no id', error }), 100)).toBe(
      [
        '18:30:45.123Z ERROR app TypeError: no id',
        '    code=E_ID',
        '      at find (/app/src/find.ts:3:7)',
        '      at run (node:internal/x:1:1)',
        '    caused by',
        '    Error: refused',
        '      at dial (/app/src/dial.ts:1:1)',
        '',
      ].join('\n'),
    );
    expect(
      shown(system({ message: 'Could not find it', error: { ...error, cause: 'the weather' } }), 100),
    ).toBe(
      [
        '18:30:45.123Z INFO  app Could not find it',
        '    TypeError: no id code=E_ID',
        '      at find (/app/src/find.ts:3:7)',
        '      at run (node:internal/x:1:1)',
        '    caused by cause="the weather"',
        '',
      ].join('\n'),
    );
  });

  it('shortens what is very long, for a terminal, unless all of it is asked for', () => {
    const message = 'x'.repeat(5_000);
    expect(shown(system({ message }), 100)).toContain('4000 more characters');
    expect(shown(system({ message }), 100, true)).not.toContain('more');
    expect(shown(system({ message }))).toContain(message);
  });
});
