import fc from 'fast-check';
import { type LogRecord, type LogStreamOptions } from 'nestjs-log-stream';
import { describe, expect, it, vi } from 'vitest';
import { resolveOptions } from '../../../src/options/resolve-options.js';
import { RecordBuilder } from '../../../src/record/record-builder.js';
import { LogStream } from '../../../src/stream/log-stream.js';
import { FanOut } from '../../../src/subscription/fan-out.js';
import { compileFilter } from '../../../src/wire/filter/compile-filter.js';
import { type FilterSpec } from '../../../src/wire/filter/filter-spec.js';
import { type Framing } from '../../../src/subscription/framing.js';
import { type Gap } from '../../../src/subscription/gap.js';
import { HIGH_WATER_MARK, type Outlet } from '../../../src/subscription/outlet.js';
import { type Watcher } from '../../../src/subscription/watcher.js';
import { turns } from '../../harness/event-loop.js';
import { range } from '../../harness/produce.js';
import { runs } from '../../harness/property-runs.js';

const FILTERS: readonly FilterSpec[] = [
  {},
  { category: 'audit' },
  { level: 'ERROR' },
  { where: { kind: 1 } },
];

/** Frames a record as its sequence number, so that what arrives can be read back. */
const framing: Framing = {
  name: 'numbers',
  encode: (record) => Buffer.from(`${record.seq};`),
  join: (encoded) => Buffer.concat(encoded),
};

/** A client that may do anything while it is written to, and keeps an account of its own. */
class Client implements Outlet {
  readonly received: number[] = [];
  readonly gaps: Gap[] = [];
  readonly caughtUps: number[] = [];
  /** Which filter held from which position on. */
  readonly filters: { from: number; filter: FilterSpec }[] = [];
  backlog = 0;
  goesOn = true;
  watcher: Watcher | undefined;
  onWrite: (() => void) | undefined;
  onMissed: (() => void) | undefined;
  private resume: (() => void) | undefined;

  write(bytes: Buffer): void {
    for (const seq of String(bytes).split(';')) if (seq) this.received.push(Number(seq));
    const { onWrite } = this;
    this.onWrite = undefined;
    onWrite?.();
  }

  whenWritable(resume: () => void): void {
    if (this.backlog > 0) this.resume = resume;
    else setImmediate(resume);
  }

  begins(): void {}

  missed(gap: Gap): boolean {
    this.gaps.push(gap);
    const { onMissed } = this;
    this.onMissed = undefined;
    onMissed?.();
    return this.goesOn;
  }

  unrecoverable(): void {}

  caughtUp(position: number): void {
    this.caughtUps.push(position);
  }

  drain(): void {
    this.backlog = 0;
    const { resume } = this;
    this.resume = undefined;
    resume?.();
  }
}

class Scene {
  readonly stream: LogStream;
  readonly fanOut: FanOut;
  readonly records: LogRecord[] = [];

  constructor(options: LogStreamOptions = {}) {
    const resolved = resolveOptions({ logger: false, flush: { windowMs: 0 }, ...options });
    this.stream = new LogStream(resolved, new RecordBuilder(resolved));
    this.fanOut = new FanOut(this.stream, resolved.flush);
    this.stream.records$.subscribe((record) => void this.records.push(record));
  }

  publish(count = 1): void {
    for (let n = 0; n < count; n++) {
      const seq = this.stream.history.end;
      const level = seq % 7 === 0 ? 'ERROR' : 'INFO';
      this.stream.publish({ message: '', level, kind: seq % 3, is_audit: seq % 5 === 0 });
    }
  }

  client(filter: FilterSpec = {}, from?: number): Client {
    const client = new Client();
    client.filters.push({ from: from ?? this.stream.history.end, filter });
    client.watcher = this.fanOut.watch(client, { framing, filters: [filter] }, from);
    return client;
  }

  reselect(client: Client, filter: FilterSpec): void {
    client.filters.push({ from: client.watcher!.cursor, filter });
    this.fanOut.reselect(client.watcher!, { framing, filters: [filter] });
  }

  /** What the client should have got by its own filters and gaps. */
  expected({ filters, gaps, watcher }: Client): number[] {
    const missing = new Set(gaps.flatMap(({ from, to }) => range(from, to)));
    return this.records
      .filter(({ seq }) => seq >= filters[0]!.from && seq < watcher!.cursor && !missing.has(seq))
      .filter((record) => {
        const { filter } = filters.findLast(({ from }) => from <= record.seq)!;
        return (compileFilter(filter) ?? (() => true))(record);
      })
      .map(({ seq }) => seq);
  }
}

const client = fc.nat({ max: 3 });
const deed = fc.oneof(
  fc.record({ do: fc.constant('publish' as const), count: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ do: fc.constantFrom('pause' as const, 'resume' as const, 'leave' as const), client }),
  fc.record({ do: fc.constantFrom('stall' as const, 'drain' as const), client }),
  fc.record({ do: fc.constant('filter' as const), client, filter: fc.nat({ max: FILTERS.length - 1 }) }),
);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('publish' as const), count: fc.integer({ min: 1, max: 40 }) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('turn' as const) }) },
  { weight: 5, arbitrary: deed },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('trap' as const),
      client,
      deed,
      when: fc.constantFrom('onWrite', 'onMissed'),
    }),
  },
);

describe('whatever clients do while they are written to', () => {
  it.each([0, 450])(
    'the account of each holds, with %i others in between',
    async (others) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }), async (steps) => {
          const scene = new Scene({ history: { records: 80 }, flush: { windowMs: 0, records: 16 } });
          const { fanOut } = scene;
          const bystanders = Array.from({ length: others / 2 }, () => scene.client());
          const clients = FILTERS.map((filter) => scene.client(filter));
          bystanders.push(...Array.from({ length: others / 2 }, () => scene.client()));
          const perform = (action: typeof deed extends fc.Arbitrary<infer D> ? D : never): void => {
            if (action.do === 'publish') return scene.publish(action.count);
            const actor = clients[action.client]!;
            const watcher = actor.watcher!;
            if (action.do === 'pause') watcher.pause();
            else if (action.do === 'resume') watcher.resume();
            else if (action.do === 'stall') actor.backlog = HIGH_WATER_MARK + 1;
            else if (action.do === 'drain') actor.drain();
            else if (action.do === 'filter') scene.reselect(actor, FILTERS[action.filter]!);
            else {
              // Leaves and comes back, at its cursor; it can do nothing before it is back.
              actor.onWrite = undefined;
              actor.onMissed = undefined;
              fanOut.unwatch(watcher);
              const { filter } = actor.filters.at(-1)!;
              actor.watcher = fanOut.watch(actor, { framing, filters: [filter] }, watcher.cursor);
            }
          };
          for (const action of steps) {
            if (action.do === 'turn') await turns(1);
            else if (action.do === 'trap')
              clients[action.client]![action.when as 'onWrite'] = () => perform(action.deed);
            else perform(action);
          }
          for (const actor of clients) {
            actor.onWrite = undefined;
            actor.onMissed = undefined;
            actor.drain();
            actor.watcher!.resume();
          }
          for (let left = 200; fanOut.lag > 0 && left > 0; left--) await turns(1);
          expect(fanOut.lag).toBe(0);
          for (const actor of [...clients, ...bystanders.slice(0, 1), ...bystanders.slice(-1)]) {
            expect(actor.received).toEqual(scene.expected(actor));
          }
          for (const actor of [...clients, ...bystanders]) fanOut.unwatch(actor.watcher!);
          expect(fanOut.groups).toBe(0);
        }),
        { numRuns: runs(others > 0 ? 60 : 300) },
      );
    },
    60_000,
  );
});

describe('a large group', () => {
  it('is written to in several turns of the event loop, and a member may come, move and go in between', async () => {
    const scene = new Scene();
    const clients = Array.from({ length: 500 }, () => scene.client());
    scene.publish(3);
    await turns(1);
    const served = clients.filter(({ received }) => received.length > 0).length;
    expect(served).toBeGreaterThan(0);
    expect(served).toBeLessThan(500);
    const [gotIt, waits] = [clients[0]!, clients.at(-1)!];
    const newcomer = scene.client();
    const replaying = scene.client({}, 1);
    scene.reselect(gotIt, {});
    scene.reselect(waits, {});
    scene.fanOut.unwatch(clients.at(-2)!.watcher!);
    scene.publish(2);
    await turns(20);
    expect(gotIt.received).toEqual([1, 2, 3, 4, 5]);
    expect(waits.received).toEqual([1, 2, 3, 4, 5]);
    expect(replaying.received).toEqual([1, 2, 3, 4, 5]);
    expect(newcomer.received).toEqual([4, 5]);
    expect(clients.at(-2)!.received).toEqual([]);
    expect(clients.at(-3)!.received).toEqual([1, 2, 3, 4, 5]);
  });

  it('gets everything at once before a shutdown', () => {
    const scene = new Scene();
    const clients = Array.from({ length: 500 }, () => scene.client());
    scene.publish(3);
    scene.fanOut.flush(true);
    expect(clients.every(({ received }) => received.length === 3)).toBe(true);
  });

  it('does not wait until something else wakes the event loop', async () => {
    const scene = new Scene();
    const clients = Array.from({ length: 500 }, () => scene.client());
    const { setImmediate: original } = globalThis;
    const referenced: boolean[] = [];
    const scheduled = vi.spyOn(globalThis, 'setImmediate').mockImplementation(((callback: () => void) => {
      const immediate = original(callback);
      queueMicrotask(() => referenced.push(immediate.hasRef()));
      return immediate;
    }) as typeof setImmediate);
    try {
      scene.publish(1);
      while (clients.at(-1)!.received.length === 0) await turns(1);
    } finally {
      scheduled.mockRestore();
    }
    expect(referenced.length).toBeGreaterThan(2);
    // An idle event loop runs an immediate that is not referenced only once it is woken up, seconds later.
    expect(referenced).not.toContain(false);
  });

  it('that is left by its last member in the middle of a delivery is gone', async () => {
    const scene = new Scene();
    const clients = Array.from({ length: 300 }, () => scene.client());
    scene.publish(3);
    await turns(1);
    for (const { watcher } of clients) scene.fanOut.unwatch(watcher!);
    expect(scene.fanOut.groups).toBe(0);
    await turns(5);
    expect(clients.at(-1)!.received).toEqual([]);
  });
});

describe('a client that is ended', () => {
  it('in `missed` gets nothing any more, alone or in a group', async () => {
    const scene = new Scene({ history: { records: 10 } });
    const [ended, other] = [scene.client(), scene.client()];
    ended.goesOn = false;
    ended.onMissed = () => scene.fanOut.unwatch(ended.watcher!);
    ended.backlog = other.backlog = HIGH_WATER_MARK + 1;
    scene.publish(1);
    await turns(3);
    scene.publish(50);
    await turns(3);
    ended.drain();
    other.drain();
    await turns(3);
    expect(ended.received).toEqual([1]);
    expect(ended.gaps).toHaveLength(1);
    expect(other.received).toEqual([1, ...range(42, 52)]);
    scene.publish(1);
    await turns(3);
    expect(ended.received).toEqual([1]);
    expect(other.received.at(-1)).toBe(52);
  });

  it('while it is taken in, since its replay is gone, leaves no trace', async () => {
    const scene = new Scene({ history: { records: 10 } });
    scene.publish(50);
    const ended = new Client();
    ended.goesOn = false;
    const watcher = scene.fanOut.watch(ended, { framing, filters: [{}] }, 1);
    expect(ended.gaps).toEqual([{ from: 1, to: 41, reason: 'evicted', audit: true }]);
    scene.publish(5);
    await turns(3);
    expect(ended.received).toEqual([]);
    scene.fanOut.unwatch(watcher);
    scene.fanOut.unwatch(watcher);
    expect(scene.fanOut.groups).toBe(0);
  });

  it('by what it logs while it catches up is not written to again', async () => {
    const scene = new Scene({ flush: { windowMs: 0, records: 2 } });
    scene.publish(10);
    const ended = new Client();
    ended.onWrite = () => setImmediate(() => (ended.onWrite = () => scene.fanOut.unwatch(ended.watcher!)));
    ended.watcher = scene.fanOut.watch(ended, { framing, filters: [{}] }, 1);
    await turns(10);
    scene.publish(1);
    await turns(10);
    expect(ended.received).toEqual([1, 2, 3, 4]);
    expect(scene.fanOut.groups).toBe(0);
  });

  it('by what it logs while it is written to is not written to again', async () => {
    const scene = new Scene();
    const [ended, other] = [scene.client(), scene.client()];
    ended.backlog = HIGH_WATER_MARK + 1;
    ended.onWrite = () => scene.fanOut.unwatch(ended.watcher!);
    scene.publish(1);
    await turns(3);
    ended.drain();
    scene.publish(1);
    await turns(3);
    expect(ended.received).toEqual([1]);
    expect(other.received).toEqual([1, 2]);
    expect(ended.watcher!.stalledFor(performance.now() + 60_000)).toBe(0);
  });
});

describe('the backlog of a client', () => {
  it('at exactly the high-water mark does not make it slow, one byte more does', async () => {
    const scene = new Scene();
    const [at, over] = [scene.client(), scene.client()];
    at.backlog = HIGH_WATER_MARK;
    over.backlog = HIGH_WATER_MARK + 1;
    scene.publish(1);
    await turns(3);
    scene.publish(1);
    await turns(3);
    expect(at.received).toEqual([1, 2]);
    expect(over.received).toEqual([1]);
    const later = performance.now() + 1_000;
    expect(at.watcher!.stalledFor(later)).toBe(0);
    expect(over.watcher!.stalledFor(later)).toBeGreaterThan(900);
    over.drain();
    await turns(3);
    expect(over.received).toEqual([1, 2]);
    expect(over.watcher!.stalledFor(later)).toBe(0);
  });

  it('over the mark gets it nothing, however often it pauses, resumes or asks anew; the stall goes on', async () => {
    const scene = new Scene();
    const slow = scene.client();
    slow.backlog = HIGH_WATER_MARK + 1;
    scene.publish(1);
    await turns(3);
    scene.publish(20);
    const before = slow.watcher!.stalledFor(performance.now() + 50_000);
    for (let round = 0; round < 10; round++) {
      slow.watcher!.pause();
      expect(slow.watcher!.stalledFor(performance.now() + 50_000)).toBe(0);
      slow.watcher!.resume();
      scene.fanOut.reselect(slow.watcher!, { framing, filters: [{}] }, 1);
      await turns(1);
    }
    expect(slow.received).toEqual([1]);
    expect(slow.watcher!.stalledFor(performance.now() + 50_000)).toBeGreaterThanOrEqual(before);
    slow.drain();
    await turns(5);
    expect(slow.received).toEqual([1, ...range(1, 22)]);
    expect(slow.caughtUps).toEqual([22]);
  });
});

describe('a client that asked for a position', () => {
  it.each([1, 5, 11])('%i is told once when it has read up to the live records', async (from) => {
    const scene = new Scene();
    scene.publish(10);
    const replaying = scene.client({}, from);
    await turns(3);
    scene.publish(1);
    await turns(3);
    expect(replaying.caughtUps).toEqual([11]);
    expect(replaying.received).toEqual(range(from, 12));
  });

  it('while it was paused is moved, and reads from there when it resumes', async () => {
    const scene = new Scene();
    const paused = scene.client();
    scene.publish(10);
    await turns(3);
    paused.watcher!.pause();
    scene.fanOut.reselect(paused.watcher!, { framing, filters: [{ level: 'ERROR' }] }, 3);
    scene.publish(10);
    await turns(3);
    expect(paused.received).toEqual(range(1, 11));
    expect(paused.caughtUps).toEqual([]);
    paused.watcher!.resume();
    await turns(3);
    expect(paused.received.slice(10)).toEqual([7, 14]);
    expect(paused.caughtUps).toEqual([21]);
  });

  it('none is never told', async () => {
    const scene = new Scene();
    const live = scene.client();
    scene.publish(10);
    await turns(3);
    live.watcher!.pause();
    scene.publish(10);
    live.watcher!.resume();
    scene.reselect(live, { level: 'ERROR' });
    await turns(3);
    expect(live.caughtUps).toEqual([]);
  });
});

describe('a burst in one turn of the event loop', () => {
  it('is not counted against who comes after the last client has gone', () => {
    const scene = new Scene({ history: { records: 10 } });
    const gone = scene.client();
    scene.publish(4);
    scene.fanOut.unwatch(gone.watcher!);
    const newcomer = scene.client();
    scene.publish(1);
    // Half of the history unread would be urgent.
    expect(newcomer.received).toEqual([]);
    scene.publish(4);
    expect(newcomer.received).toEqual(range(5, 10));
  });

  it('of more than the history holds is written in time', () => {
    const scene = new Scene({ history: { records: 100 } });
    const burst = scene.client();
    scene.publish(1_000);
    scene.fanOut.flush(true);
    expect(burst.received).toEqual(range(1, 1_001));
    expect(burst.gaps).toEqual([]);
  });

  it('that is logged while somebody is written to passes nobody in silence', async () => {
    const scene = new Scene({ history: { records: 50 } });
    const [talkative, other] = [scene.client(), scene.client()];
    talkative.onWrite = () => scene.publish(200);
    scene.publish(1);
    await turns(5);
    for (const actor of [talkative, other]) {
      expect(actor.watcher!.cursor).toBe(202);
      expect(actor.received).toEqual(scene.expected(actor));
      expect(actor.gaps.map(({ reason }) => reason)).toEqual(['slow_consumer']);
    }
  });
});
