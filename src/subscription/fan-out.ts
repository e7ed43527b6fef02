import { type Subscription } from 'rxjs';
import { type ResolvedLogStreamOptions } from '../options/resolved-options.js';
import { type LogRecord } from '../record/log-record.js';
import { type LogStream } from '../stream/log-stream.js';
import { recordBytes } from '../stream/record-bytes.js';
import { ChunkReader } from './chunk-reader.js';
import { FlushSchedule } from './flush-schedule.js';
import { type Framing } from './framing.js';
import { LiveGroup } from './live-group.js';
import { type Outlet } from './outlet.js';
import { Watcher } from './watcher.js';

/**
 * Backlog of a socket over which its client counts as slow. The kernel takes some megabytes more before that;
 * what lies above would be memory of this process, per client.
 */
const HIGH_WATER_MARK = 1024 * 1024;

/** Hands the stream to all clients of one framing. Subscribed to the stream only while there are clients. */
export class FanOut {
  private readonly reader: ChunkReader;
  private readonly group: LiveGroup;
  private readonly schedule: FlushSchedule;
  private readonly watchers = new Set<Watcher>();
  private subscription: Subscription | undefined;
  /** Estimated memory of the records that wait for a flush. */
  private waitingBytes = 0;

  constructor(
    private readonly stream: LogStream,
    framing: Framing,
    timing: ResolvedLogStreamOptions['flush'],
  ) {
    this.reader = new ChunkReader(stream.history, framing, timing);
    this.group = new LiveGroup(stream.history, this.reader, HIGH_WATER_MARK);
    this.schedule = new FlushSchedule(() => this.flush(), timing);
  }

  get size(): number {
    return this.watchers.size;
  }

  /** Starts handing the stream to a client, from the next record on. */
  watch(outlet: Outlet): Watcher {
    // Whoever is here gets what is waiting, so that the newcomer starts with what comes after it.
    this.flush();
    const watcher = new Watcher(outlet, this.group, this.reader);
    this.watchers.add(watcher);
    this.group.join(watcher);
    this.subscription ??= this.stream.records$.subscribe((record) => this.arrived(record));
    return watcher;
  }

  unwatch(watcher: Watcher): void {
    watcher.stop();
    if (!this.watchers.delete(watcher) || this.watchers.size > 0) return;
    this.subscription?.unsubscribe();
    this.subscription = undefined;
    this.schedule.stop();
  }

  /** Writes what is waiting, as before a shutdown. */
  flush(): void {
    this.waitingBytes = 0;
    this.group.flush();
  }

  private arrived(record: LogRecord): void {
    const { history } = this.stream;
    this.waitingBytes += recordBytes(record);
    // Once half of the history is unread, waiting longer would push records out of it unread. By bytes that is
    // judged from what it holds, which is little at first.
    const urgent =
      2 * (history.end - this.group.cursor) >= history.capacity ||
      (this.waitingBytes >= HIGH_WATER_MARK && 2 * this.waitingBytes >= history.bytes);
    this.schedule.arrived(urgent);
  }
}
