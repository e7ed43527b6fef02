import { PassThrough } from 'node:stream';
import { type WriteStream } from 'node:tty';
import { describe, expect, it } from 'vitest';
import { type FrameData } from '../../sample-app/src/demo/frame.js';
import { linesOf } from '../../sample-app/src/demo/record-lines.js';
import { TwoColumns } from '../../sample-app/src/demo/two-columns.js';

function record(message: string): FrameData {
  return { timestamp: '2025-10-08T18:30:45.123Z', level: 'INFO', logger: 'app', message };
}

describe('the columns of the demo', () => {
  it('stay both on a screen of 30 rows, however long a record is and however many there are', () => {
    const out = Object.assign(new PassThrough({ encoding: 'utf8' }), { columns: 100, rows: 30 });
    const screen = new TwoColumns(out as unknown as WriteStream, 'SYSTEM', 'AUDIT', () => {});
    for (let index = 0; index < 20; index += 1) {
      screen.add('left', linesOf(record(`${index} ${'long words '.repeat(200)}`), screen.columnWidth));
    }
    screen.add('right', linesOf(record('Spawned'), screen.columnWidth));
    screen.flush();
    const lines = String(out.read()).split('\n');
    expect(lines.length).toBeLessThan(15);
    expect(lines.findIndex((line) => line.includes('Spawned'))).toBe(2);
    // The newest are those that are shown.
    expect(lines.some((line) => line.includes(' 19 long words'))).toBe(true);
    expect(lines[2]).toMatch(/… \d+ more lines/);
  });
});
