import { type Canary, type Produced } from './canary.js';

/** A record that takes longer than this to its client is late, in milliseconds. */
export const LATE_MS = 1_000;

/** What became of the records between a client's first position and its last one. */
export interface Verdict {
  readonly delivered: number;
  readonly filtered: number;
  /** Reported to the client as gone. */
  readonly told: number;
  /** Neither delivered nor filtered nor reported: lost silently. */
  readonly missing: number;
  readonly duplicate: number;
  readonly outOfOrder: number;
  /** Another content than the record at its position has, or one that is not for this client. */
  readonly wrong: number;
  readonly late: number;
}

export const NOTHING: Verdict = {
  delivered: 0,
  filtered: 0,
  told: 0,
  missing: 0,
  duplicate: 0,
  outOfOrder: 0,
  wrong: 0,
  late: 0,
};

/**
 * Classifies what one client gets by the account of docs/protocol.md: delivered, plus held back by its filter,
 * plus reported in gaps, is everything produced, in order, none twice.
 */
export class Account {
  private readonly counts = { ...NOTHING } as { -readonly [Name in keyof Verdict]: number };
  /** Not delivered when something behind them was. */
  private readonly missing = new Set<number>();
  private position: number | undefined;

  constructor(
    private readonly canary: Canary,
    private readonly passes: (record: Produced) => boolean,
  ) {}

  /** Position of the next record that the client has to get. */
  get next(): number | undefined {
    return this.position;
  }

  /** The account begins, unless it goes on. */
  begin(position: number): void {
    this.position ??= position;
  }

  deliver(seq: number, number: unknown): void {
    this.counts.delivered += 1;
    const record = this.canary.at(seq);
    if (!record || record.number !== number || !this.passes(record)) this.counts.wrong += 1;
    if (record && performance.now() - record.at > LATE_MS) this.counts.late += 1;
    if (seq < this.position!) {
      if (this.missing.delete(seq)) this.counts.outOfOrder += 1;
      else this.counts.duplicate += 1;
      return;
    }
    this.pass(seq);
    this.position = seq + 1;
  }

  /** The client was told that these are gone, both ends included. */
  gap(from: number, to: number): void {
    if (from < this.position!) this.counts.wrong += 1;
    this.pass(from);
    this.counts.told += to + 1 - from;
    this.position = to + 1;
  }

  /** The client was told a cursor: if it resumed there, nothing before it could reach it any more. */
  reach(position: number): void {
    if (position <= this.position!) return;
    this.pass(position);
    this.position = position;
  }

  /** The client received this, whatever it is: no record may show in it that the client must not learn of. */
  see(text: string): void {
    for (const [, number] of text.matchAll(/canary (\d+)/g)) {
      const record = this.canary.at(this.canary.positionOf(Number(number)));
      if (!record || !this.passes(record)) this.counts.wrong += 1;
    }
  }

  /** @param end position before which everything must be accounted for */
  verdict(end: number): Verdict {
    if (this.position !== undefined) this.reach(end);
    return { ...this.counts, missing: this.missing.size };
  }

  private pass(to: number): void {
    for (let seq = this.position!; seq < to; seq++) {
      const record = this.canary.at(seq);
      if (record && !this.passes(record)) this.counts.filtered += 1;
      else this.missing.add(seq);
    }
  }
}

export function sum(verdicts: readonly Verdict[]): Verdict {
  const total = { ...NOTHING } as { -readonly [Name in keyof Verdict]: number };
  for (const verdict of verdicts) {
    for (const name of Object.keys(total) as (keyof Verdict)[]) total[name] += verdict[name];
  }
  return total;
}
