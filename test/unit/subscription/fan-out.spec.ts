import { afterEach, describe, expect, it } from 'vitest';
import { FanOut } from '../../../src/subscription/fan-out.js';
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
    return { stream, framing, fanOut: new FanOut(stream, framing, flush) };
  };

  afterEach(() => {
    for (const stream of streams.splice(0)) stream.onApplicationShutdown();
  });

  it('observes the stream only while somebody watches', () => {
    const { stream, fanOut } = scene();
    expect(stream.observed).toBe(false);
    const watchers = [fanOut.watch(new FakeOutlet()), fanOut.watch(new FakeOutlet())];
    expect(stream.observed).toBe(true);
    fanOut.unwatch(watchers[0]!);
    expect(stream.observed).toBe(true);
    fanOut.unwatch(watchers[1]!);
    fanOut.unwatch(watchers[1]!);
    expect(stream.observed).toBe(false);
    expect(fanOut.size).toBe(0);
  });

  it('starts a client with the next record, though earlier ones wait for their flush', async () => {
    const { stream, fanOut } = scene();
    const [early, late] = [new FakeOutlet(), new FakeOutlet()];
    fanOut.watch(early);
    burst(stream, 2);
    fanOut.watch(late);
    burst(stream, 1);
    await eventually(() => late.seqs.length > 0);
    expect(early.seqs).toEqual([1, 2, 3]);
    expect(late.seqs).toEqual([3]);
  });

  it('starts a client that comes back with the next record', async () => {
    const { stream, fanOut } = scene();
    const outlet = new FakeOutlet();
    fanOut.unwatch(fanOut.watch(outlet));
    burst(stream, 3);
    fanOut.watch(outlet);
    burst(stream, 1);
    await eventually(() => outlet.seqs.length > 0);
    expect(outlet.seqs).toEqual([4]);
  });

  it('writes what waits when it is told to, as before a shutdown', () => {
    const { stream, fanOut } = scene();
    const outlet = new FakeOutlet();
    fanOut.watch(outlet);
    burst(stream, 3);
    expect(outlet.seqs).toEqual([]);
    fanOut.flush();
    expect(outlet.seqs).toEqual([1, 2, 3]);
  });

  it('encodes nothing that nobody watches', async () => {
    const { stream, fanOut, framing } = scene();
    fanOut.unwatch(fanOut.watch(new FakeOutlet()));
    burst(stream, 10);
    await turns(3);
    expect(framing.encoded).toBe(0);
  });

  it.each([1, 2, 10, 255, 10_000])(
    'loses nothing of a burst in one turn with a history of %i records',
    async (records) => {
      const { stream, fanOut } = scene({ history: { records } });
      const outlet = new FakeOutlet();
      fanOut.watch(outlet);
      burst(stream, 3 * records + 7);
      await eventually(() => outlet.seqs.length >= 3 * records + 7 || outlet.overtakes > 0);
      expect(outlet.overtakes).toBe(0);
      expect(outlet.seqs).toEqual(range(1, 3 * records + 8));
    },
  );

  it('loses nothing of a burst of large records that the history cannot hold together', async () => {
    const { stream, fanOut } = scene({ history: { bytes: 4 * 1024 ** 2 } });
    const outlet = new FakeOutlet();
    burst(stream, 100);
    fanOut.watch(outlet);
    burst(stream, 200, 'x'.repeat(30_000));
    await eventually(() => outlet.seqs.length >= 200 || outlet.overtakes > 0);
    expect(outlet.overtakes).toBe(0);
    expect(outlet.seqs).toEqual(range(101, 301));
  });

  it('loses nothing of a burst without a history', async () => {
    const { stream, fanOut } = scene({ history: false });
    const outlet = new FakeOutlet();
    fanOut.watch(outlet);
    burst(stream, 10_000);
    await eventually(() => outlet.seqs.length >= 10_000 || outlet.overtakes > 0);
    expect(outlet.seqs).toEqual(range(1, 10_001));
  });

  it('leaves a small burst to the event loop: the log call itself writes nothing', () => {
    const { stream, fanOut } = scene();
    const outlet = new FakeOutlet();
    fanOut.watch(outlet);
    burst(stream, 255);
    expect(outlet.writes).toEqual([]);
  });

  it('lets a client be ended by what it was told, without harm to the others', async () => {
    const { stream, fanOut } = scene();
    const [leaver, other] = [new FakeOutlet(), new FakeOutlet()];
    const watcher = fanOut.watch(leaver);
    fanOut.watch(other);
    leaver.onWrite = () => fanOut.unwatch(watcher);
    burst(stream, 300);
    await eventually(() => other.seqs.length >= 300);
    expect(leaver.seqs).toEqual(range(1, 257));
    expect(other.seqs).toEqual(range(1, 301));
  });

  it('watches nothing after the stream has completed', () => {
    const { stream, fanOut } = scene();
    stream.onApplicationShutdown();
    const watcher = fanOut.watch(new FakeOutlet());
    expect(stream.observed).toBe(false);
    fanOut.unwatch(watcher);
    expect(fanOut.size).toBe(0);
  });
});
