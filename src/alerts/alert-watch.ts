import { type LogRecord } from '../record/log-record.js';
import { type RecordSource } from '../stream/record-source.js';
import { Slice } from '../subscription/slice.js';

/** How long the rules may look at records in one turn of the event loop, in milliseconds. */
const TURN_MS = 2;

/**
 * Shows every record to somebody, in turns of its own: whoever logs waits for nobody. The history is the queue, so a storm
 * takes no memory; what it evicts before its turn is counted as missed.
 */
export class AlertWatch {
  /** Records that nobody was shown. */
  missed = 0;
  private next: number;
  private turn: NodeJS.Immediate | undefined;
  private readonly left = new Set<number>();
  private readonly stopListening: () => void;

  constructor(
    private readonly source: RecordSource,
    private readonly show: (record: LogRecord) => void,
    /** Asked in the log call: whether the record is not to be shown. */
    isOwn: () => boolean,
  ) {
    this.next = source.history.end;
    this.stopListening = source.onProduced((position) => {
      if (isOwn()) this.left.add(position);
      this.turn ??= setImmediate(() => this.look());
    });
  }

  /** Shows what is left, and no more from then on. */
  stop(): void {
    this.stopListening();
    clearImmediate(this.turn);
    this.go(Number.POSITIVE_INFINITY, this.source.history.end);
  }

  private look(): void {
    this.turn = undefined;
    this.go(TURN_MS);
    if (this.next < this.source.history.end) this.turn = setImmediate(() => this.look());
  }

  /** @param end not what comes meanwhile: what is shown may lead to more */
  private go(ms: number, end = this.source.history.end): void {
    const { history } = this.source;
    this.skip(history.start);
    const slice = new Slice(ms);
    while (this.next < end && !slice.isOver) {
      const record = history.at(this.next);
      if (!this.left.delete(this.next) && record) this.show(record);
      this.next += 1;
      slice.inVain();
    }
    history.release();
  }

  /** What the history no longer has. */
  private skip(start: number): void {
    if (start <= this.next) return;
    for (const own of this.left) if (own < start) this.left.delete(own);
    this.missed += start - this.next;
    this.next = start;
  }
}
