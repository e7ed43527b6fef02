import { type LogRecord } from '../record/log-record.js';
import { AuditKeeper, type KeptPage, type KeptRecord, type StreamPlace } from '../stream/audit-keeper.js';
import { dataOf, recordOf } from './store/stored-record.js';
import { type KeptEntry } from '../record/kept-entry.js';
import { type TrailStore } from './store/trail-store.js';
import { replayIncomplete } from './trail.messages.js';

/** Keeps every audit record of the stream in the trail, in the order of the stream. */
export class TrailKeeper extends AuditKeeper {
  constructor(
    private readonly store: TrailStore,
    private readonly epoch: string,
    private readonly instance: string,
  ) {
    super();
  }

  keep(record: LogRecord): Promise<KeptEntry> {
    const { epoch, instance } = this;
    return this.store.keep({
      kind: 'record',
      stream: { epoch, seq: record.seq },
      instance,
      data: dataOf(record),
    });
  }

  async read({ epoch, position }: StreamPlace, limit: number): Promise<KeptPage | undefined> {
    // What waits in the spool is not in the trail yet: a replay would pass it over.
    if (!(await this.store.caughtUp())) throw new Error(replayIncomplete());
    const place = await this.store.positionAfter(epoch, position - 1);
    if (!place) return undefined;
    const records: KeptRecord[] = [];
    for (let after: number | undefined = place.seq; after !== undefined && records.length < limit;) {
      const page = await this.store.query({ after, kinds: ['record'], limit: limit - records.length });
      for (const { stream, data } of page.entries) {
        if (!stream || (stream.epoch === epoch && stream.seq < position)) continue;
        records.push({ epoch: stream.epoch, record: recordOf(data, stream.seq) });
      }
      after = page.next;
    }
    return { records, complete: place.complete };
  }
}
