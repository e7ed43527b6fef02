import { type History } from '../stream/history.js';
import { type ChunkReader } from './chunk-reader.js';
import { type Watcher } from './watcher.js';

/**
 * The watchers that get the same bytes at the same time: per flush the records are encoded and joined once,
 * and the one buffer is written to every member. Sharing the write, not only the frame, is what makes a
 * delivery 12 to 30 times cheaper (DESIGN.md, section 3).
 */
export class LiveGroup {
  private readonly members = new Set<Watcher>();
  private position: number;
  private flushing = false;

  constructor(
    private readonly history: History,
    private readonly reader: ChunkReader,
    /** Backlog, in bytes, over which a member leaves the group and reads at its own pace. */
    private readonly highWaterMark: number,
  ) {
    this.position = history.end;
  }

  /** Position of the next record that the members will get. */
  get cursor(): number {
    return this.position;
  }

  get size(): number {
    return this.members.size;
  }

  /** @param watcher that has got everything before {@link cursor} */
  join(watcher: Watcher): void {
    this.members.add(watcher);
  }

  leave(watcher: Watcher): void {
    this.members.delete(watcher);
  }

  /** Writes everything up to the head of the history to every member. */
  flush(): void {
    // Writing may log, and so ask for another flush before all members have got this one.
    if (this.flushing) return;
    this.flushing = true;
    try {
      this.writeToAll();
    } finally {
      this.flushing = false;
    }
  }

  private writeToAll(): void {
    // What is logged meanwhile is for the next flush.
    const end = this.history.end;
    while (this.position < end && this.members.size > 0) {
      const chunk = this.reader.read(this.position, end);
      if (chunk === 'overtaken') return this.disband();
      if (!chunk) break;
      this.position = chunk.next;
      for (const member of this.members) {
        member.deliver(chunk.bytes, chunk.next);
        if (member.backlog > this.highWaterMark) {
          this.members.delete(member);
          member.fallBehind();
        }
      }
    }
    this.position = end;
  }

  /** The history has passed the whole group, as after a burst in one turn of the event loop. */
  private disband(): void {
    const members = [...this.members];
    this.members.clear();
    this.position = this.history.end;
    for (const member of members) member.overtaken();
  }
}
