import { type GapData, type HelloData } from '../wire/server-message.js';
import { type GapItem, type LostItem, type RecordItem } from './items.js';
import { type WireRecord } from './server-frame.js';

/** Makes items of what the server sends on one connection: with the epoch of its run, and a cursor for each. */
export class RunItems {
  constructor(private readonly hello: HelloData) {}

  /** @param lastCursor behind all of them, where the server has sent one */
  records(records: readonly WireRecord[], lastCursor?: string, epoch = this.hello.epoch): RecordItem[] {
    return records.map((record, index) => {
      const last = index === records.length - 1 ? lastCursor : undefined;
      return Object.assign(record, {
        epoch,
        cursor: last ?? this.behind(record.seq, lastCursor),
      }) as RecordItem;
    });
  }

  /** @returns the gap, and whether the next record is behind it */
  gap(data: GapData): { readonly item: GapItem; readonly whole: boolean } {
    const { from, to, count } = data;
    // Audit records of the range may still come, from the trail: whoever comes back must not be past them.
    const whole = count > to - from;
    const cursor = this.behind(whole ? to : from - 1);
    return { item: { type: 'gap', ...data, epoch: this.hello.epoch, cursor }, whole };
  }

  lost(lost: Pick<LostItem, 'reason' | 'previousEpoch'>, cursor = this.start): LostItem {
    return { type: 'lost', ...lost, epoch: this.hello.epoch, cursor };
  }

  /** The cursor before the first record of the run. */
  get start(): string {
    return this.behind(0);
  }

  /** The cursor behind one record: one of its run, and its `seq`. The server sends one for a whole batch. */
  private behind(seq: number, run = this.hello.cursor): string {
    return `${run}~${seq}`;
  }
}
