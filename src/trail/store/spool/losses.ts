/** Why entries could not be kept. */
export type LossReason = 'spool_full' | 'invalid_entry' | 'spool_damaged';

/** `data` of an entry of kind `gap`. */
export type GapData = {
  readonly reason: LossReason;
  /** Entries that are missing. */
  readonly count: number;
  /** ISO 8601: when the first and the last of them were lost. */
  readonly from: string;
  readonly to: string;
};

/** Counts entries that neither the trail nor the spool could keep, until an entry of the trail says so. */
export class Losses {
  private gaps: GapData[] = [];
  private sum = 0;

  /** Since the start. */
  get total(): number {
    return this.sum;
  }

  /** True when some were not told yet. */
  get arePending(): boolean {
    return this.gaps.length > 0;
  }

  /** @returns true for the first of its reason that is not told yet */
  add(reason: LossReason): boolean {
    const to = new Date().toISOString();
    const known = this.gaps.find((gap) => gap.reason === reason);
    this.sum += 1;
    this.gaps = this.gaps.filter((gap) => gap !== known);
    this.gaps.push({ reason, count: (known?.count ?? 0) + 1, from: known?.from ?? to, to });
    return !known;
  }

  /** What is pending, and is no more. */
  take(): GapData[] {
    return this.gaps.splice(0);
  }

  /** It could not be told after all. */
  putBack(gap: GapData): void {
    const since = this.gaps.find(({ reason }) => reason === gap.reason);
    this.gaps = this.gaps.filter((other) => other !== since);
    this.gaps.push(since ? { ...since, count: since.count + gap.count, from: gap.from } : gap);
  }
}
