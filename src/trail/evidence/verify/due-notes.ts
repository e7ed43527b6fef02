import { NoteQueue, type Notes } from './note-queue.js';
import { type TrailVerifier } from './trail-verifier.js';

/** Gives a verifier the notes of two sources, each as soon as the trail has its size. */
export class DueNotes {
  private readonly checkpoints: NoteQueue;
  private readonly anchors: NoteQueue;
  private next = Infinity;

  constructor(
    private readonly verifier: TrailVerifier,
    checkpoints: Notes,
    anchors: Notes,
  ) {
    this.checkpoints = new NoteQueue(checkpoints);
    this.anchors = new NoteQueue(anchors);
  }

  /** Reads the first of each. */
  async open(): Promise<void> {
    await this.checkpoints.advance();
    await this.anchors.advance();
    this.look();
  }

  /** Whether a note is to be given before this entry. */
  isDue(seq: number): boolean {
    return this.next < seq;
  }

  /** Gives all notes that are of fewer entries than `seq`. */
  async giveUpTo(seq: number): Promise<void> {
    // Of one size the trail's own first: it is the one that a hand-over may stand in.
    for (const [queue, give] of [
      [this.checkpoints, this.verifier.checkpoint],
      [this.anchors, this.verifier.anchor],
    ] as const) {
      while (queue.note && queue.size < seq) {
        give.call(this.verifier, queue.note);
        await queue.advance();
      }
    }
    this.look();
  }

  async close(): Promise<void> {
    await this.checkpoints.close();
    await this.anchors.close();
  }

  private look(): void {
    this.next = Math.min(this.checkpoints.size, this.anchors.size);
  }
}
