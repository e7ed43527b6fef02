/** A checkpoint as its listeners get it. */
export interface WrittenCheckpoint {
  /** Entries that it covers. */
  readonly size: number;
  /** ISO 8601. */
  readonly time: string;
  /** The signed note, C2SP tlog-checkpoint. */
  readonly note: string;
}
