import { positionOf } from '../../harness/ledger.js';
import { type ServerFrame } from '../../harness/received-records.js';

/**
 * The account of a client that wants system records too, within one start of the app: what it was given, and what it was
 * told is gone, is everything between its first cursor and its last.
 */
export class EpochAccount {
  private position: number | undefined;
  private sum = 0;

  /** @param epoch of the app's start; cursors of earlier ones are none of this account */
  constructor(private readonly epoch: string) {}

  /** What one connection was sent, in order. Who came from an earlier start is given this one from its beginning. */
  book(frames: readonly ServerFrame[]): void {
    let pending = 0;
    for (const { type, epoch, items, data, cursor } of frames) {
      if (epoch !== undefined) {
        this.position ??= 1;
        continue;
      }
      // A gap around records that are still to come has no cursor: who breaks off here is told again.
      pending += items.length + (type === 'gap' ? Number(data['count']) : 0);
      if (cursor === undefined) continue;
      if (!cursor.startsWith(`${this.epoch}-`)) {
        this.position ??= 1;
        continue;
      }
      const position = positionOf(cursor);
      this.position ??= position - pending;
      this.sum += pending - (position - this.position);
      this.position = position;
      pending = 0;
    }
  }

  /** 0, or records that came twice (positive) or that nobody told of (negative). */
  get difference(): number {
    return this.sum;
  }
}
