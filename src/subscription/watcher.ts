import { type ChunkReader } from './chunk-reader.js';
import { type LiveGroup } from './live-group.js';
import { type Outlet } from './outlet.js';

/**
 * One client as the stream sees it: a position in the history, and an outlet.
 *
 * It is either a member of its live group or behind it, reading the history at the pace of its socket until it
 * has reached the group again. A stalled client so costs a number, not a queue.
 */
export class Watcher {
  private position: number;
  private stopped = false;

  constructor(
    private readonly outlet: Outlet,
    private readonly group: LiveGroup,
    private readonly reader: ChunkReader,
  ) {
    this.position = group.cursor;
  }

  /** Position of the next record that this client will get. */
  get cursor(): number {
    return this.position;
  }

  get backlog(): number {
    return this.outlet.backlog;
  }

  /** Writes bytes that bring this client to `next`. */
  deliver(bytes: Buffer, next: number): void {
    this.position = next;
    this.outlet.write(bytes);
  }

  /** Left the group: goes on at the pace of its socket. */
  fallBehind(): void {
    this.outlet.whenWritable(() => this.catchUp());
  }

  overtaken(): void {
    this.stop();
    this.outlet.overtaken();
  }

  stop(): void {
    this.stopped = true;
    this.group.leave(this);
  }

  private catchUp(): void {
    if (this.stopped) return;
    const chunk = this.reader.read(this.position, this.group.cursor);
    if (chunk === 'overtaken') return this.overtaken();
    if (!chunk) return this.group.join(this);
    this.deliver(chunk.bytes, chunk.next);
    this.fallBehind();
  }
}
