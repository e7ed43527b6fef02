import { readNote, type ReadNote } from './read-note.js';

/** Notes in the order of their size, from memory, a file or a database. */
export type Notes = Iterable<string> | AsyncIterable<string>;

/** Gives notes one at a time, each when the trail has reached its size: one of them is in memory. */
export class NoteQueue {
  private readonly notes: Iterator<string> | AsyncIterator<string>;
  private next: ReadNote | undefined;
  private ended = false;

  constructor(notes: Notes) {
    this.notes = Symbol.asyncIterator in notes ? notes[Symbol.asyncIterator]() : notes[Symbol.iterator]();
  }

  /** The smallest size that is still to come; -Infinity for a note that has none, Infinity behind the last one. */
  get size(): number {
    if (!this.next) return Infinity;
    return 'signed' in this.next ? this.next.signed.checkpoint.size : -Infinity;
  }

  /** To be called first, and after each note that was taken. */
  async advance(): Promise<void> {
    const { done, value } = await this.notes.next();
    this.ended = done === true;
    this.next = this.ended ? undefined : readNote(value as string);
  }

  /** The note at hand. */
  get note(): ReadNote | undefined {
    return this.next;
  }

  /** Lets the source close what it has open, when the rest is not wanted. */
  async close(): Promise<void> {
    if (!this.ended) await this.notes.return?.();
  }
}
