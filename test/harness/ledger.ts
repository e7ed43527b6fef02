import { type FilterSpec, type LogRecord } from 'nestjs-log-stream';
import { expect } from 'vitest';
import { compileFilter } from '../../src/wire/filter/compile-filter.js';
import { type ServerFrame } from './extended-client.js';

/** The position that a cursor names; clients must not look, a test may. */
export function positionOf(cursor: string): number {
  return Number.parseInt(cursor.split('-')[1]!, 36);
}

/**
 * Holds what an extended client receives against what was produced: delivered, plus held back by its filter, plus
 * reported in gaps, is everything, in order, none twice.
 */
export class Ledger {
  delivered = 0;
  filtered = 0;
  missed = 0;
  private passes: (record: LogRecord) => boolean = () => true;

  constructor(
    /** All records of the app, the one with `seq` 1 first. */
    private readonly produced: readonly LogRecord[],
    /** Where the client's account begins. */
    public position: number,
  ) {}

  /** What comes from here on has passed this filter. */
  filter(filter: FilterSpec): void {
    this.passes = compileFilter(filter) ?? (() => true);
  }

  /** Goes on in another place, because the client asked for it. */
  jump(position: number): void {
    this.position = position;
  }

  /** Books one message of the server. */
  book(frame: ServerFrame): void {
    const { type, data, items, cursor } = frame;
    if (type === 'gap') {
      const { from, to, count } = data as { from: number; to: number; count: number };
      this.advance(from, []);
      expect(to - from + 1).toBe(count);
      this.missed += count;
      this.position = to + 1;
    } else if (cursor !== undefined) {
      this.advance(
        positionOf(cursor),
        items.map(({ seq }) => seq),
      );
    }
  }

  private advance(to: number, seqs: readonly number[]): void {
    const looked = this.produced.slice(this.position - 1, to - 1);
    const expected = looked.filter(this.passes).map(({ seq }) => seq);
    expect(seqs).toEqual(expected);
    expect(to).toBeGreaterThanOrEqual(this.position);
    this.delivered += seqs.length;
    this.filtered += looked.length - seqs.length;
    this.position = to;
  }
}
