import { type LogRecord } from '../record/log-record.js';
import { type AuditKeeper, type StreamPlace } from '../stream/audit-keeper.js';

/** Records read from the keeper at a time. */
const PAGE = 100;

/** Records of one epoch, one after the other. */
export interface PastRun {
  /** `undefined` for this start of the application. */
  readonly epoch: string | undefined;
  readonly records: readonly LogRecord[];
}

export interface PastPage {
  readonly runs: readonly PastRun[];
  /** Whether the keeper has no more of what the history does not have. */
  readonly done: boolean;
  /** False when some of it was deleted since. */
  readonly complete: boolean;
}

/** @returns `undefined` when nobody keeps audit records */
export type PastAt = (position: number) => Past | undefined;

/** Where a client that replays reads the audit records that the history no longer has. */
export class Past {
  constructor(
    private readonly keeper: AuditKeeper,
    private readonly epoch: string,
    private place: StreamPlace,
  ) {}

  /** Where the next record is read. */
  get at(): StreamPlace {
    return this.place;
  }

  /** Whether the next records are of an earlier start of the application. */
  get isForeign(): boolean {
    return this.place.epoch !== this.epoch;
  }

  /**
   * @param before position of this epoch that the history goes on from
   * @returns `undefined` when the keeper knows nothing of the place
   */
  async read(before: number): Promise<PastPage | undefined> {
    const page = await this.keeper.read(this.place, PAGE);
    if (!page) return undefined;
    const { records: kept, complete } = page;
    const runs: { epoch: string | undefined; records: LogRecord[] }[] = [];
    let current: string | undefined;
    for (const { epoch, record } of kept) {
      if (epoch === this.epoch && record.seq >= before) return { runs, done: true, complete };
      if (epoch !== current) runs.push({ epoch: epoch === this.epoch ? undefined : epoch, records: [] });
      current = epoch;
      runs.at(-1)!.records.push(record);
    }
    return { runs, done: kept.length < PAGE, complete };
  }

  /** Goes on behind a run that was written. */
  passed({ epoch = this.epoch, records }: PastRun): void {
    this.place = { epoch, position: records.at(-1)!.seq + 1 };
  }
}
