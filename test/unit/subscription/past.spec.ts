import { type KeptEntry } from '../../../src/record/kept-entry.js';
import { afterEach, describe, expect, it } from 'vitest';
import { StreamRecord, type LogRecord } from '../../../src/record/log-record.js';
import {
  AuditKeeper,
  type KeptPage,
  type KeptRecord,
  type StreamPlace,
} from '../../../src/stream/audit-keeper.js';
import { type LogStream } from '../../../src/stream/log-stream.js';
import { FanOut } from '../../../src/subscription/fan-out.js';
import { type FilterSpec } from '../../../src/wire/filter/filter-spec.js';
import { turns } from '../../harness/event-loop.js';
import { FakeOutlet, logStream, SeqFraming } from './fakes.js';

const BEFORE = 'before';

/** Keeps audit records in memory, beside those of an earlier epoch. */
class MemoryKeeper extends AuditKeeper {
  readonly kept: KeptRecord[] = [];
  reads = 0;
  broken = false;
  complete = true;
  /** Called while a read is on its way. */
  onRead: (() => void) | undefined;

  constructor(private readonly epoch: string) {
    super();
  }

  keep(record: LogRecord): Promise<KeptEntry> {
    this.kept.push({ epoch: this.epoch, record });
    return Promise.resolve({ kept: 'spool', id: record.id ?? '' });
  }

  async read({ epoch, position }: StreamPlace, limit: number): Promise<KeptPage | undefined> {
    this.reads += 1;
    if (this.broken) throw new Error('disk');
    const page = [...this.kept];
    await Promise.resolve();
    this.onRead?.();
    const first = page.findIndex((kept) => kept.epoch === epoch && kept.record.seq >= position);
    const later = page.findIndex((kept) => kept.epoch === this.epoch);
    const { complete } = this;
    if (first >= 0) return { records: page.slice(first, first + limit), complete };
    if (epoch === BEFORE) return { records: later < 0 ? [] : page.slice(later, later + limit), complete };
    return epoch === this.epoch ? { records: [], complete } : undefined;
  }
}

/** Writes the epoch before the position of records that are not of this one. */
class PlaceFraming extends SeqFraming {
  override encode(record: LogRecord, epoch?: string): Buffer {
    return Buffer.from(`${epoch ?? ''}${record.seq};`);
  }
}

function audit(seq: number, level: LogRecord['level'] = 'INFO'): LogRecord {
  const common = { time: 0, logger: 'audit.x', message: '', extra: {}, truncated: false } as const;
  return new StreamRecord({ ...common, level, category: 'audit' }, seq);
}

describe('a client that replays what only the keeper has', () => {
  const streams: LogStream[] = [];
  afterEach(() => {
    for (const stream of streams.splice(0)) stream.onApplicationShutdown();
  });

  function scene(records: number, history = { records: 4, bytes: 1_000_000 }) {
    const stream = logStream({ history });
    streams.push(stream);
    const keeper = new MemoryKeeper(stream.cursors.epoch);
    stream.keepAudit(keeper);
    const publish = (count: number) => {
      for (let i = 0; i < count; i++) {
        const seq = stream.history.end;
        // Every third is an audit record: 3, 6, 9 ...
        stream.publish({ message: `${seq}`, logger: seq % 3 === 0 ? 'audit.x' : 'app' });
      }
    };
    publish(records);
    const fanOut = new FanOut(stream, { windowMs: 0, records: 256, bytes: 65_536 });
    const outlet = new FakeOutlet(true);
    const watch = (filter: FilterSpec, from: number, past?: StreamPlace) =>
      fanOut.watch(outlet, { framing: new PlaceFraming(), filters: [filter] }, from, past);
    return { stream, keeper, publish, outlet, watch };
  }

  const settled = async (outlet: FakeOutlet) => {
    for (let i = 0; i < 20; i++) {
      outlet.drainAll();
      await turns(2);
    }
  };
  const written = (outlet: FakeOutlet) => String(Buffer.concat(outlet.writes)).split(';').slice(0, -1);

  it('gets every audit record, and is told exactly how many others are gone', async () => {
    const { outlet, watch } = scene(12);
    const watcher = watch({}, 2);
    await settled(outlet);
    expect(written(outlet)).toEqual(['3', '6', '9', '10', '11', '12']);
    expect(outlet.gaps.map(({ from, to, kept = 0 }) => to - from - kept)).toEqual([3, 2]);
    expect(watcher.counts).toEqual({ delivered: 6, filtered: 0, missed: 5 });
    expect(outlet.caught).toEqual([13]);
  });

  it('misses nothing when it only wants audit records', async () => {
    const { outlet, watch } = scene(12);
    const watcher = watch({ category: 'audit' }, 1);
    await settled(outlet);
    expect(written(outlet)).toEqual(['3', '6', '9', '12']);
    expect(outlet.gaps).toEqual([]);
    expect(watcher.counts).toEqual({ delivered: 4, filtered: 8, missed: 0 });
  });

  it('reads no trail when it wants system records only', async () => {
    const { keeper, outlet, watch } = scene(12);
    watch({ category: 'system' }, 1);
    await settled(outlet);
    expect(keeper.reads).toBe(0);
    expect(outlet.gaps).toMatchObject([{ from: 1, to: 9, reason: 'evicted' }]);
  });

  it('goes on from an earlier epoch through this one to what is live', async () => {
    const { stream, keeper, outlet, watch } = scene(12);
    keeper.kept.unshift(...[7, 8, 9].map((seq) => ({ epoch: BEFORE, record: audit(seq) })));
    const watcher = watch({ category: 'audit' }, 1, { epoch: BEFORE, position: 8 });
    expect(watcher.place).toEqual({ epoch: BEFORE, position: 8 });
    await settled(outlet);
    expect(written(outlet)).toEqual(['before8', 'before9', '3', '6', '9', '12']);
    expect(watcher.place).toBeUndefined();
    stream.publish({ message: 'x', logger: 'audit.x' });
    await settled(outlet);
    expect(written(outlet).at(-1)).toBe('13');
    expect(outlet.caught).toEqual([13]);
  });

  it('gets what was evicted while it read', async () => {
    const { keeper, publish, outlet, watch } = scene(12);
    let bursts = 3;
    keeper.onRead = () => bursts-- > 0 && publish(9);
    watch({ category: 'audit' }, 1);
    await settled(outlet);
    const expected = Array.from({ length: 13 }, (_, index) => `${3 * (index + 1)}`);
    expect(written(outlet)).toEqual(expected);
    expect(outlet.gaps).toEqual([]);
  });

  it('reads a page of several hundred at the pace of its socket', async () => {
    const { outlet, watch } = scene(900);
    outlet.stalled = true;
    watch({ category: 'audit' }, 1);
    await turns(20);
    // Not written far past what makes it slow.
    const before = written(outlet).length;
    expect(before).toBeLessThanOrEqual(100);
    outlet.stalled = false;
    await settled(outlet);
    expect(written(outlet)).toEqual(Array.from({ length: 300 }, (_, index) => `${3 * (index + 1)}`));
  });

  it('is not written to any more once it is paused or stopped, and goes on where it was', async () => {
    const { outlet, watch } = scene(12);
    const watcher = watch({ category: 'audit' }, 1);
    watcher.pause();
    await settled(outlet);
    expect(written(outlet)).toEqual([]);
    watcher.resume();
    await settled(outlet);
    expect(written(outlet)).toEqual(['3', '6', '9', '12']);
    watcher.stop();
  });

  it('is told of a gap when the keeper fails', async () => {
    const { keeper, outlet, watch } = scene(12);
    keeper.broken = true;
    watch({}, 2);
    await settled(outlet);
    expect(outlet.gaps).toEqual([{ from: 2, to: 9, reason: 'evicted', audit: true }]);
    expect(written(outlet)).toEqual(['9', '10', '11', '12']);
  });

  it('gets what is left, and is told that it is not all, when older records were deleted', async () => {
    const { keeper, outlet, watch } = scene(12);
    keeper.complete = false;
    watch({ category: 'audit' }, 1);
    await settled(outlet);
    expect(written(outlet)).toEqual(['3', '6', '9', '12']);
    expect(outlet.unrecovered).toBeGreaterThan(0);
  });

  it('is told that nobody knows its epoch, and starts with what comes now', async () => {
    const { publish, outlet, watch } = scene(12);
    watch({}, 1, { epoch: 'never', position: 3 });
    await settled(outlet);
    expect(outlet.unrecovered).toBe(1);
    expect(written(outlet)).toEqual([]);
    publish(1);
    await settled(outlet);
    expect(written(outlet)).toEqual(['13']);
  });
});
