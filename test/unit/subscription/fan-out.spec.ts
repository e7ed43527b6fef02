import { afterEach, describe, expect, it, vi } from 'vitest';
import { FanOut } from '../../../src/subscription/fan-out.js';
import { type FilterSpec } from '../../../src/wire/filter/filter-spec.js';
import { type LogStream } from '../../../src/stream/log-stream.js';
import { eventually, turns } from '../../harness/event-loop.js';
import { FakeOutlet, logStream, range, SeqFraming } from './fakes.js';

const FLUSH = { windowMs: 0, records: 256, bytes: 65_536 };

function burst(stream: LogStream, count: number, message = 'm'): void {
  for (let i = 0; i < count; i++) stream.publish({ message });
}

describe('the fan-out', () => {
  const streams: LogStream[] = [];
  const scene = (options: Parameters<typeof logStream>[0] = {}, flush = FLUSH) => {
    const stream = logStream(options);
    streams.push(stream);
    const framing = new SeqFraming();
    const fanOut = new FanOut(stream, flush);
    const watch = (outlet: FakeOutlet, filter: FilterSpec = {}, from?: number) =>
      fanOut.watch(outlet, { framing, filters: [filter] }, from);
    return { stream, framing, fanOut, watch };
  };

  afterEach(() => {
    for (const stream of streams.splice(0)) stream.onApplicationShutdown();
    vi.restoreAllMocks();
  });

  /** A clock that runs by being read: whatever takes time is cut. */
  const runningClock = (ms: number): void => {
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (now += ms));
  };

  it('observes the stream only while somebody watches', () => {
    const { stream, fanOut, watch } = scene();
    expect(stream.observed).toBe(false);
    const watchers = [watch(new FakeOutlet()), watch(new FakeOutlet())];
    expect(stream.observed).toBe(true);
    fanOut.unwatch(watchers[0]!);
    expect(stream.observed).toBe(true);
    fanOut.unwatch(watchers[1]!);
    fanOut.unwatch(watchers[1]!);
    expect(stream.observed).toBe(false);
    expect(fanOut.groups).toBe(0);
  });

  it('starts a client with the next record, though earlier ones wait for their flush', async () => {
    const { stream, watch } = scene();
    const [early, late] = [new FakeOutlet(), new FakeOutlet()];
    watch(early);
    burst(stream, 2);
    watch(late);
    burst(stream, 1);
    await eventually(() => late.seqs.length > 0);
    expect(early.seqs).toEqual([1, 2, 3]);
    expect(late.seqs).toEqual([3]);
  });

  it('does not let who comes force a flush on the others', () => {
    const { stream, watch } = scene();
    const early = new FakeOutlet();
    watch(early);
    burst(stream, 2);
    watch(new FakeOutlet());
    expect(early.writes).toEqual([]);
  });

  it('starts a client that comes back with the next record', async () => {
    const { stream, fanOut, watch } = scene();
    const outlet = new FakeOutlet();
    fanOut.unwatch(watch(outlet));
    burst(stream, 3);
    watch(outlet);
    burst(stream, 1);
    await eventually(() => outlet.seqs.length > 0);
    expect(outlet.seqs).toEqual([4]);
  });

  it('starts a client in the past when it is told to, and tells it when that is over', async () => {
    const { stream, watch } = scene();
    const outlet = new FakeOutlet();
    burst(stream, 5);
    watch(outlet, {}, 3);
    outlet.drainAll();
    expect(outlet.seqs).toEqual([3, 4, 5]);
    expect(outlet.caught).toEqual([6]);
    burst(stream, 1);
    await eventually(() => outlet.seqs.length > 3);
    expect(outlet.seqs).toEqual([3, 4, 5, 6]);
    expect(outlet.caught).toEqual([6]);
  });

  // One that was always a chunk behind was seen to get no `caught_up` for 3,000 turns.
  it.each([1, 20, 300, 700])(
    'takes in a client that replays while %i records come in every turn of the event loop',
    async (perTurn) => {
      const { stream, watch } = scene();
      watch(new FakeOutlet());
      burst(stream, 400);
      await turns(5);
      const outlet = new FakeOutlet();
      // As a socket that takes whatever it is given.
      outlet.whenWritable = (resume) => void setImmediate(resume);
      const watcher = watch(outlet, {}, 1);
      for (let turn = 0; turn < 30; turn++) {
        burst(stream, perTurn);
        await turns(1);
      }
      expect(outlet.caught).toHaveLength(1);
      await eventually(() => watcher.lag === 0);
      expect(outlet.seqs).toEqual(range(1, stream.history.end));
      expect(outlet.gaps).toEqual([]);
    },
  );

  it('lets the event loop turn while it writes to many groups of one member each', async () => {
    const { stream, watch } = scene();
    const outlets = range(0, 100).map(() => new FakeOutlet());
    outlets.forEach((outlet, index) => watch(outlet, { not: { search: `nothing ${index}` } }));
    runningClock(0.5);
    burst(stream, 3);
    await turns(1);
    const served = (): number => outlets.filter(({ seqs }) => seqs.length > 0).length;
    expect(served()).toBeGreaterThan(0);
    expect(served()).toBeLessThan(20);
    await eventually(() => served() === 100);
    for (const { seqs } of outlets) expect(seqs).toEqual([1, 2, 3]);
  });

  it('is not held for long by a burst, whatever is searched in it: who is not reached is told of a gap', async () => {
    const { stream, watch } = scene({ history: { records: 100 } });
    const outlets = range(0, 50).map(() => new FakeOutlet(true));
    const looked = vi.fn<() => void>();
    outlets.forEach((outlet, index) => {
      outlet.onWrite = looked;
      watch(outlet, { not: { search: `nothing ${index}` } });
    });
    runningClock(20);
    burst(stream, 51);
    // A few reads of the clock for each of those that are reached in 250 ms.
    expect(looked.mock.calls.length).toBeGreaterThan(0);
    expect(looked.mock.calls.length).toBeLessThan(10);
    burst(stream, 149);
    await eventually(() =>
      outlets.every(({ seqs, gaps }) => seqs.length > 0 && (seqs.at(-1) === 200 || gaps.length > 2)),
    );
    for (const { seqs, gaps } of outlets) {
      const missing = gaps.flatMap(({ from, to }) => range(from, to));
      expect([...seqs, ...missing].toSorted((a, b) => a - b)).toEqual(range(1, 201));
    }
  });

  it('searches for the last records that match in several turns, then starts there', async () => {
    const { stream, fanOut, framing } = scene();
    const outlet = new FakeOutlet();
    burst(stream, 10, 'wanted');
    burst(stream, 2_000);
    runningClock(0.5);
    const watcher = fanOut.watch(outlet, { framing, filters: [{ search: 'wanted' }] }, { last: 3 });
    burst(stream, 1, 'wanted');
    expect([outlet.begun, watcher.current]).toEqual([[], false]);
    await eventually(() => {
      outlet.drainAll();
      return outlet.caught.length > 0;
    });
    expect(outlet.begun).toEqual([8]);
    await eventually(() => outlet.seqs.length > 3);
    expect(outlet.seqs).toEqual([8, 9, 10, 2_011]);
  });

  it('searches no further for a client that has left', async () => {
    const { stream, fanOut, framing } = scene();
    const outlet = new FakeOutlet();
    burst(stream, 2_000);
    runningClock(0.5);
    const watcher = fanOut.watch(outlet, { framing, filters: [{ search: 'wanted' }] }, { last: 3 });
    const at = vi.spyOn(stream.history, 'at');
    fanOut.unwatch(watcher);
    await turns(20);
    expect(at).not.toHaveBeenCalled();
    expect(outlet.begun).toEqual([]);
  });

  it('writes what waits when it is told to, as before a shutdown', () => {
    const { stream, fanOut, watch } = scene();
    const outlet = new FakeOutlet();
    watch(outlet);
    burst(stream, 3);
    expect(outlet.seqs).toEqual([]);
    fanOut.flush(true);
    expect(outlet.seqs).toEqual([1, 2, 3]);
  });

  it('writes what waits to however many clients before a shutdown', () => {
    const { stream, fanOut, watch } = scene();
    const outlets = range(0, 450).map(() => new FakeOutlet());
    for (const outlet of outlets) watch(outlet);
    burst(stream, 3);
    fanOut.flush(true);
    for (const outlet of outlets) expect(outlet.seqs).toEqual([1, 2, 3]);
  });

  it('encodes nothing that nobody watches', async () => {
    const { stream, fanOut, framing, watch } = scene();
    fanOut.unwatch(watch(new FakeOutlet()));
    burst(stream, 10);
    await turns(3);
    expect(framing.encoded).toBe(0);
  });

  it('encodes once for all clients of the same filter and framing, and apart for others', async () => {
    const { stream, fanOut, framing, watch } = scene();
    const [a, b, filtered, framed] = range(0, 4).map(() => new FakeOutlet()) as [
      FakeOutlet,
      FakeOutlet,
      FakeOutlet,
      FakeOutlet,
    ];
    watch(a);
    watch(b);
    watch(filtered, { level: 'ERROR' });
    fanOut.watch(framed, { framing: new SeqFraming('other'), filters: [{}] });
    expect(fanOut.groups).toBe(3);
    burst(stream, 2);
    stream.publish({ message: 'm', level: 'ERROR' });
    await eventually(() => framed.seqs.length > 0);
    expect(b.writes[0]).toBe(a.writes[0]);
    expect(framed.writes[0]).not.toBe(a.writes[0]);
    expect(framed.seqs).toEqual([1, 2, 3]);
    expect(filtered.seqs).toEqual([3]);
    expect(framing.encoded).toBe(4);
  });

  it.each([1, 2, 10, 255, 10_000])(
    'loses nothing of a burst in one turn with a history of %i records',
    async (records) => {
      const { stream, watch } = scene({ history: { records } });
      const outlet = new FakeOutlet();
      watch(outlet);
      burst(stream, 3 * records + 7);
      await eventually(() => outlet.seqs.length >= 3 * records + 7 || outlet.gaps.length > 0);
      expect(outlet.gaps).toEqual([]);
      expect(outlet.seqs).toEqual(range(1, 3 * records + 8));
    },
  );

  it('loses nothing of a burst in one turn for more clients than it writes to in one turn', async () => {
    const { stream, watch } = scene({ history: { records: 10 } });
    const outlets = range(0, 450).map(() => new FakeOutlet());
    for (const outlet of outlets) watch(outlet);
    burst(stream, 37);
    await eventually(() => outlets.every(({ seqs, gaps }) => seqs.length >= 37 || gaps.length > 0));
    for (const outlet of outlets) expect(outlet.seqs).toEqual(range(1, 38));
  });

  // A flush that has begun is not a flush that is done: what comes meanwhile adds to what is unread.
  it.each([
    ['records', { records: 10 }, 'm'],
    ['bytes', { bytes: 10_000 }, 'm'.repeat(300)],
  ])(
    'loses nothing of what is logged while many clients are being written to: a history bounded by %s',
    async (_bound, history, message) => {
      const { stream, watch } = scene({ history });
      const outlets = range(0, 2_000).map(() => new FakeOutlet());
      for (const outlet of outlets) watch(outlet);
      for (let turn = 0; turn < 15; turn++) {
        burst(stream, 4, message);
        await turns(1);
      }
      await eventually(() => outlets.every(({ seqs, gaps }) => seqs.length >= 60 || gaps.length > 0));
      for (const { gaps, seqs } of outlets) {
        expect(gaps).toEqual([]);
        expect(seqs).toEqual(range(1, 61));
      }
    },
  );

  it('loses nothing of a burst of large records that the history cannot hold together', async () => {
    const { stream, watch } = scene({ history: { bytes: 4 * 1024 ** 2 } });
    const outlet = new FakeOutlet();
    burst(stream, 100);
    watch(outlet);
    burst(stream, 200, 'x'.repeat(30_000));
    await eventually(() => outlet.seqs.length >= 200 || outlet.gaps.length > 0);
    expect(outlet.gaps).toEqual([]);
    expect(outlet.seqs).toEqual(range(101, 301));
  });

  it('loses nothing of a burst without a history', async () => {
    const { stream, watch } = scene({ history: false });
    const outlet = new FakeOutlet();
    watch(outlet);
    burst(stream, 10_000);
    await eventually(() => outlet.seqs.length >= 10_000 || outlet.gaps.length > 0);
    expect(outlet.seqs).toEqual(range(1, 10_001));
  });

  it('loses nothing of a burst in one turn for who came while earlier records waited for their flush', () => {
    const { stream, fanOut, watch } = scene({ history: { records: 10 } });
    const late = new FakeOutlet();
    watch(new FakeOutlet());
    burst(stream, 1);
    watch(late);
    burst(stream, 40);
    fanOut.flush();
    late.drainAll();
    expect(late.gaps).toEqual([]);
    expect(late.seqs).toEqual(range(2, 42));
  });

  it('leaves a small burst to the event loop: the log call itself writes nothing', () => {
    const { stream, watch } = scene();
    const outlet = new FakeOutlet();
    watch(outlet);
    burst(stream, 255);
    expect(outlet.writes).toEqual([]);
  });

  it('leaves it to the event loop, too, after clients came and went with much unwritten', () => {
    const { stream, fanOut, watch } = scene({ history: { records: 100 } });
    const gone = watch(new FakeOutlet());
    burst(stream, 49);
    fanOut.unwatch(gone);
    const outlet = new FakeOutlet();
    watch(outlet);
    burst(stream, 1);
    expect(outlet.writes).toEqual([]);
  });

  it('lets a client be ended by what it was told, without harm to the others', async () => {
    const { stream, fanOut, watch } = scene();
    const [leaver, other] = [new FakeOutlet(), new FakeOutlet()];
    const watcher = watch(leaver);
    watch(other);
    leaver.onWrite = () => fanOut.unwatch(watcher);
    burst(stream, 300);
    await eventually(() => other.seqs.length >= 300);
    expect(leaver.seqs).toEqual(range(1, 257));
    expect(other.seqs).toEqual(range(1, 301));
  });

  it('changes what a client gets without a miss or a repeat', async () => {
    const { stream, fanOut, framing, watch } = scene();
    const outlet = new FakeOutlet();
    const watcher = watch(outlet);
    watch(new FakeOutlet());
    burst(stream, 2);
    fanOut.flush();
    burst(stream, 2);
    fanOut.reselect(watcher, { framing, filters: [{ level: 'ERROR' }] });
    expect(fanOut.groups).toBe(2);
    stream.publish({ message: 'm', level: 'ERROR' });
    await eventually(() => {
      outlet.drainAll();
      return watcher.lag === 0;
    });
    expect(outlet.seqs).toEqual([1, 2, 5]);
    expect(watcher.counts).toEqual({ delivered: 3, filtered: 2, missed: 0 });
    fanOut.unwatch(watcher);
    expect(fanOut.groups).toBe(1);
    fanOut.reselect(watcher, { framing, filters: [{ level: 'DEBUG' }] });
    expect(fanOut.groups).toBe(1);
  });

  it('tells how far the last of its clients is behind', async () => {
    const { stream, fanOut, watch } = scene();
    expect(fanOut.lag).toBe(0);
    const [quick, paused] = [watch(new FakeOutlet()), watch(new FakeOutlet())];
    paused.pause();
    burst(stream, 3);
    await eventually(() => quick.lag === 0);
    expect(fanOut.lag).toBe(3);
    fanOut.unwatch(paused);
    expect(fanOut.lag).toBe(0);
  });

  it('watches nothing after the stream has completed', () => {
    const { stream, fanOut, watch } = scene();
    stream.onApplicationShutdown();
    const watcher = watch(new FakeOutlet());
    expect(stream.observed).toBe(false);
    fanOut.unwatch(watcher);
    expect(fanOut.groups).toBe(0);
  });
});
