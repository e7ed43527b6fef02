import { type Subscription } from 'rxjs';
import { type ResolvedLogStreamOptions } from '../options/resolved-options.js';
import { type LogStream } from '../stream/log-stream.js';
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

  constructor(
    private readonly stream: LogStream,
    framing: Framing,
    flush: ResolvedLogStreamOptions['flush'],
  ) {
    this.reader = new ChunkReader(stream.history, framing, flush);
    this.group = new LiveGroup(stream.history, this.reader, HIGH_WATER_MARK);
    const urgent = Math.max(flush.records, Math.floor(stream.history.capacity / 2));
    this.schedule = new FlushSchedule(() => this.group.flush(), { ...flush, urgent });
  }

  get size(): number {
    return this.watchers.size;
  }

  /** Starts handing the stream to a client, from the next record on. */
  watch(outlet: Outlet): Watcher {
    // Whoever is here gets what is waiting, so that the newcomer starts with what comes after it.
    this.group.flush();
    const watcher = new Watcher(outlet, this.group, this.reader);
    this.watchers.add(watcher);
    this.group.join(watcher);
    this.subscription ??= this.stream.records$.subscribe(() => this.schedule.arrived());
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
    this.group.flush();
  }
}
