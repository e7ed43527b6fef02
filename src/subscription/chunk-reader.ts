import { type History } from '../stream/history.js';
import { type Framing } from './framing.js';

/** What one write sends, and the position after it. */
export interface Chunk {
  readonly bytes: Buffer;
  readonly next: number;
}

/** Bounds of one chunk; at least one record is always in it. */
export interface ChunkBounds {
  readonly records: number;
  readonly bytes: number;
}

/** Reads the history from a position, in chunks of bounded size. */
export class ChunkReader {
  constructor(
    private readonly history: History,
    private readonly framing: Framing,
    private readonly bounds: ChunkBounds,
  ) {}

  /**
   * @param from position of the first record to read
   * @param to position to stop before
   * @returns `undefined` when there is nothing to read; `'overtaken'` when `from` is no longer in the history
   */
  read(from: number, to: number): Chunk | 'overtaken' | undefined {
    if (from < this.history.start) return 'overtaken';
    const encoded: Buffer[] = [];
    let bytes = 0;
    let next = from;
    while (next < to && encoded.length < this.bounds.records && bytes < this.bounds.bytes) {
      const record = this.framing.encode(this.history.at(next)!);
      encoded.push(record);
      bytes += record.length;
      next += 1;
    }
    return encoded.length > 0 ? { bytes: this.framing.join(encoded), next } : undefined;
  }
}
