import { describe, expect, it } from 'vitest';
import { exportRows } from '../../../src/dashboard/page/model/export-rows.js';
import { gap, record } from './rows.js';

const ROWS = [
  record(1, { message: 'say "hi",\nor not', memory_mb: 512 }),
  gap(2, 3),
  record(
    4,
    { message: '=HYPERLINK("http://evil")', action: 'spawn', outcome: 'success', duration_ms: -1.5 },
    'audit',
  ),
];

describe('an export', () => {
  it('is the records as they came, as JSON', () => {
    const items = [
      { type: 'system_log', seq: 1, data: ROWS[0]!.kind === 'record' && ROWS[0]!.data },
      { type: 'audit_log', seq: 4, data: ROWS[2]!.kind === 'record' && ROWS[2]!.data },
    ];
    expect(JSON.parse(exportRows(ROWS, 'json'))).toEqual(items);
    const lines = exportRows(ROWS, 'ndjson');
    expect(lines.endsWith('\n')).toBe(true);
    expect(
      lines
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(items);
  });

  it('is CSV that no spreadsheet runs', () => {
    expect(exportRows(ROWS, 'csv')).toBe(
      [
        '\ufeff"seq","category","timestamp","level","logger","message","action","outcome","duration_ms","fields"',
        `1,"system","2025-10-08T18:30:45.124Z","INFO","app","say ""hi"",\nor not",,,,"{""memory_mb"":512}"`,
        `4,"audit","2025-10-08T18:30:45.127Z","INFO","app","'=HYPERLINK(""http://evil"")","spawn","success",-1.5,"{}"`,
        '',
      ].join('\r\n'),
    );
  });

  it.each(['=1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '\uff1d1'])(
    'has a text before %j made harmless',
    (message) => {
      expect(exportRows([record(1, { message })], 'csv')).toContain(`,"'${message}",`);
    },
  );

  it('of nothing is empty in every format', () => {
    expect(exportRows([], 'json')).toBe('[]\n');
    expect(exportRows([gap(1, 2)], 'ndjson')).toBe('');
    expect(exportRows([], 'csv').split('\r\n')).toHaveLength(2);
  });
});
