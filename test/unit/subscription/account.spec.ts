import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LogRecord } from '../../../src/record/log-record.js';
import { type WatcherCounts } from '../../../src/subscription/account.js';
import { FanOut } from '../../../src/subscription/fan-out.js';
import { compileFilter } from '../../../src/wire/filter/compile-filter.js';
import { type FilterSpec } from '../../../src/wire/filter/filter-spec.js';
import { type Framing } from '../../../src/subscription/framing.js';
import { type Gap } from '../../../src/subscription/gap.js';
import { type Outlet } from '../../../src/subscription/outlet.js';
import { type StartPoint } from '../../../src/subscription/replay.js';
import { type Watcher } from '../../../src/subscription/watcher.js';
import { KEEPING } from '../stream/feeds.js';
import { range } from './fakes.js';

const FLUSH = { windowMs: 20, records: 16, bytes: 1024 };
const SLOW = 2 ** 30;
const CHUNKS_AT_ONCE = 16;
/** The runs take 2 s of a core that they have for themselves. */
const RUNS_MS = 120_000;

const FILTERS: readonly FilterSpec[] = [
  {},
  { category: 'audit' },
  { level: 'ERROR' },
  { not: { category: 'audit' } },
  { where: { kind: 1 } },
];

/** Frames a record as its sequence number, of various lengths, so that chunks are cut by bytes, too. */
const framing: Framing = {
  name: 'numbers',
  encode: ({ seq }) => Buffer.from(`${' '.repeat((seq * 37) % 300)}${seq};`),
  join: (encoded) => Buffer.concat(encoded),
};

/** What a client got from a position on with one filter. */
interface Visit {
  /** Not known before what it asked for was searched for. */
  from: number;
  /** How many of the newest records it asked for, and before which position they are. */
  readonly last?: { readonly number: number; readonly end: number };
  /** Where the history began when they were found. */
  oldest?: number;
  readonly filter: FilterSpec;
  /** Whether it started before the records that the client had got. */
  replay: boolean;
  readonly before: WatcherCounts;
  readonly received: number[];
  readonly gaps: Gap[];
  caught: number;
}

const NOTHING: WatcherCounts = { delivered: 0, filtered: 0, missed: 0 };

/** A client with a socket that stalls on command, and the account it keeps of its own. */
class Client implements Outlet {
  readonly visits: Visit[] = [];
  readonly violations: string[] = [];
  stalled = false;
  /** What its next write leads to. */
  aside: (() => void) | undefined;
  watcher: Watcher | undefined;
  private gone = false;
  private writes = 0;
  private selections = 0;
  private readonly ends: number[] = [];
  private resumes: (() => void)[] = [];

  constructor(
    private readonly fanOut: FanOut,
    private readonly oldest: () => number,
  ) {}

  get backlog(): number {
    return this.stalled ? SLOW : 0;
  }

  get filter(): FilterSpec {
    return this.visits.at(-1)!.filter;
  }

  connect(filter: FilterSpec, from: StartPoint, end: number): void {
    this.visit(filter, from, end, end);
    this.watcher = this.fanOut.watch(this, { framing, filters: [filter] }, from);
    // It may have left already, by what its first write led to.
    if (this.gone) this.fanOut.unwatch(this.watcher);
  }

  select(filter: FilterSpec, from?: StartPoint): void {
    if (this.gone || !this.watcher) return;
    const { cursor, lag } = this.watcher;
    this.settle();
    const { last, oldest } = this.visits.at(-1)!;
    // Without a position it goes on with what it asked for, where that was not found yet.
    if (from === undefined && last && oldest === undefined)
      this.visit(filter, { last: last.number }, cursor, last.end);
    else this.visit(filter, from ?? cursor, cursor, cursor + lag);
    this.selections += 1;
    this.fanOut.reselect(this.watcher, { framing, filters: [filter] }, from);
  }

  disconnect(): void {
    if (this.gone) return;
    this.gone = true;
    if (this.watcher) this.fanOut.unwatch(this.watcher);
  }

  write(bytes: Buffer): void {
    if (this.gone) return;
    this.writes += 1;
    if (this.watcher?.paused) this.violations.push('written to while paused');
    if (bytes.length === 0) this.violations.push('an empty write');
    for (const seq of String(bytes).split(';')) if (seq) this.visits.at(-1)!.received.push(Number(seq));
    const { aside } = this;
    this.aside = undefined;
    aside?.();
  }

  whenWritable(resume: () => void): void {
    if (this.gone) return;
    this.resumes.push(resume);
    if (!this.stalled) setImmediate(() => this.drain());
  }

  missed(gap: Gap): boolean {
    if (gap.to !== this.oldest()) this.violations.push(`a gap up to ${gap.to}, not ${this.oldest()}`);
    const { replay, caught, gaps } = this.visits.at(-1)!;
    if (replay && caught === 0 && gap.reason !== 'evicted') this.violations.push(`gone by ${gap.reason}`);
    gaps.push(gap);
    return true;
  }

  begins(position: number): void {
    const visit = this.visits.at(-1)!;
    if (visit.oldest !== undefined || !visit.last) this.violations.push('began without being asked to');
    visit.from = position;
    visit.oldest = this.oldest();
    visit.replay = position < visit.last!.end;
  }

  unrecoverable(): void {}

  caughtUp(): void {
    this.visits.at(-1)!.caught += 1;
  }

  unstall(): void {
    this.stalled = false;
    this.drain();
  }

  /** Checks the visit that ends now: where it ends is all that the client's own account takes from the watcher. */
  settle(): void {
    if (!this.watcher) return;
    const { from, before, received, gaps, last, oldest } = this.visits.at(-1)!;
    const { cursor, counts } = this.watcher;
    if (last && oldest === undefined) {
      expect([received, gaps]).toEqual([[], []]);
      this.ends.push(from);
      return;
    }
    const missed = gaps.reduce((sum, gap) => sum + gap.to - gap.from, 0);
    const moved = {
      delivered: counts.delivered - before.delivered,
      filtered: counts.filtered - before.filtered,
      missed: counts.missed - before.missed,
    };
    expect(moved).toEqual({
      delivered: received.length,
      filtered: cursor - from - received.length - missed,
      missed,
    });
    this.ends.push(cursor);
  }

  /** Checks all visits against everything that was produced. */
  audit(all: readonly LogRecord[]): void {
    expect(this.violations).toEqual([]);
    this.visits.forEach(({ from, filter, received, gaps, caught, last, oldest }, index) => {
      const missing = new Set<number>();
      for (const gap of gaps) {
        const positions = range(gap.from, gap.to);
        expect(positions.length).toBeGreaterThan(0);
        for (const seq of positions) {
          expect(missing).not.toContain(seq);
          missing.add(seq);
        }
        expect(gap.audit).toBe(positions.some((seq) => all[seq - 1]!.category === 'audit'));
      }
      const passes = compileFilter(filter) ?? (() => true);
      if (last && oldest !== undefined) {
        const found = range(from, last.end).filter((seq) => passes(all[seq - 1]!)).length;
        expect(found).toBeLessThanOrEqual(last.number);
        if (found < last.number) expect(from).toBeLessThanOrEqual(oldest);
        expect(from).toBeGreaterThanOrEqual(Math.min(oldest, last.end));
      }
      const due = range(from, this.ends[index]!).filter((seq) => !missing.has(seq) && passes(all[seq - 1]!));
      expect(received).toEqual(due);
      expect(caught).toBeLessThanOrEqual(1);
    });
  }

  private visit(filter: FilterSpec, point: StartPoint, cursor: number, end: number): void {
    const before = this.watcher ? { ...this.watcher.counts } : NOTHING;
    const asked =
      typeof point === 'number' ? { from: point } : { from: cursor, last: { number: point.last, end } };
    const replay = asked.from < cursor;
    this.visits.push({ ...asked, filter, replay, before, received: [], gaps: [], caught: 0 });
  }

  private drain(): void {
    if (this.stalled) return;
    // For the drain, and as much for each time that it chose anew meanwhile; more would be two readers at once.
    const due = this.writes + CHUNKS_AT_ONCE * (1 - this.selections);
    for (const resume of this.resumes.splice(0)) resume();
    if (this.writes - CHUNKS_AT_ONCE * this.selections > due)
      this.violations.push('several writes for one drain');
  }
}

/** One of those who only make the others wait for their turn. */
const BYSTANDER: Outlet = {
  backlog: 0,
  write: () => {},
  whenWritable: (resume) => void setImmediate(resume),
  begins: () => {},
  missed: () => true,
  unrecoverable: () => {},
  caughtUp: () => {},
};

const index = fc.nat({ max: 3 });
const filter = fc.constantFrom(...FILTERS);
const back = fc.nat({ max: 100 });
const count = fc.integer({ min: 1, max: 40 });
const aside = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('publish' as const), count }) },
  fc.record({ do: fc.constant('flush' as const), now: fc.boolean() }),
  fc.record({ do: fc.constant('leave' as const), index }),
  fc.record({ do: fc.constant('select' as const), index, filter }),
);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('publish' as const), count, size: fc.constantFrom(1, 1, 300) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('turn' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('window' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('stall' as const, 'unstall' as const), index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('pause' as const, 'resume' as const), index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('select' as const), index, filter }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('replay' as const), index, filter, back }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('last' as const), index, filter, back, comes: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reconnect' as const), index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('return' as const), index, back }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('aside' as const), index, aside }) },
);
const history = fc.record({
  records: fc.constantFrom(4, 20, 60, 1_000),
  bytes: fc.constantFrom(1_024, 8_192, 2 ** 20, 2 ** 20),
});

describe.each(Object.entries(KEEPING))('the account of every client of %s', (_source, make) => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  it(
    'is delivered + filtered out + reported in gaps = produced, in order, without duplicates',
    async () => {
      const seen = { gaps: 0, evicted: 0, caught: 0, asides: 0, left: 0, found: 0, cancelled: 0 };
      // A clock that runs by being read: searches and flushes are cut anywhere.
      let now = 0;
      vi.spyOn(performance, 'now').mockImplementation(() => (now += 0.3));
      await fc.assert(
        fc.asyncProperty(
          history,
          fc.constantFrom(0, 0, 0, 198),
          fc.array(step, { minLength: 10, maxLength: 60 }),
          async (history, bystanders, steps) => {
            const feed = make({ bounds: history });
            const { source } = feed;
            const fanOut = new FanOut(source, FLUSH);
            const all: LogRecord[] = [];
            const left: Client[] = [];
            const clients: Client[] = [];
            const crowd = range(0, bystanders).map(() =>
              fanOut.watch(BYSTANDER, { framing, filters: [FILTERS[0]!] }),
            );
            const connect = (index: number, filter: FilterSpec, from: StartPoint): void => {
              const client = new Client(fanOut, () => source.history.start);
              clients[index] = client;
              client.connect(filter, from, source.history.end);
            };
            const publish = (count: number, size: number): void => {
              for (let i = 0; i < count; i++) {
                const { end } = source.history;
                const level = end % 7 === 0 ? ('ERROR' as const) : ('INFO' as const);
                const input = { message: 'x'.repeat(size), level, kind: end % 3, is_audit: end % 5 === 0 };
                const record = feed.publish(input);
                all[record.seq - 1] = record;
              }
            };
            const leave = (client: Client): void => {
              if (left.includes(client)) return;
              client.settle();
              client.disconnect();
              left.push(client);
            };
            const past = (back: number): number => Math.max(1, source.history.end - back);
            for (const number of range(0, 4)) connect(number, FILTERS[number]!, source.history.end);

            for (const action of steps) {
              switch (action.do) {
                case 'publish':
                  publish(action.count, action.size);
                  break;
                case 'turn':
                  await vi.advanceTimersByTimeAsync(0);
                  break;
                case 'window':
                  await vi.advanceTimersByTimeAsync(20);
                  break;
                case 'stall':
                  clients[action.index]!.stalled = true;
                  break;
                case 'unstall':
                  clients[action.index]!.unstall();
                  break;
                case 'pause':
                case 'resume':
                  clients[action.index]!.watcher![action.do]();
                  break;
                case 'select':
                  clients[action.index]!.select(action.filter);
                  break;
                case 'replay':
                  clients[action.index]!.select(action.filter, past(action.back));
                  break;
                case 'last': {
                  const last = action.back + 1;
                  if (action.comes) {
                    leave(clients[action.index]!);
                    connect(action.index, action.filter, { last });
                  } else {
                    clients[action.index]!.select(action.filter, { last });
                  }
                  break;
                }
                case 'reconnect':
                case 'return': {
                  const client = clients[action.index]!;
                  const from = action.do === 'return' ? past(action.back) : client.watcher!.cursor;
                  leave(client);
                  connect(action.index, client.filter, from);
                  break;
                }
                case 'aside': {
                  const { aside } = action;
                  clients[action.index]!.aside = () => {
                    seen.asides += 1;
                    if (aside.do === 'publish') publish(aside.count, 1);
                    else if (aside.do === 'flush') fanOut.flush(aside.now);
                    else if (aside.do === 'select') clients[aside.index]!.select(aside.filter);
                    else {
                      seen.left += 1;
                      leave(clients[aside.index]!);
                    }
                  };
                  break;
                }
              }
            }
            for (const client of clients) {
              client.aside = undefined;
              client.watcher!.resume();
              client.unstall();
            }
            await vi.advanceTimersByTimeAsync(1_000);

            for (const client of clients) {
              if (!left.includes(client)) expect(client.watcher!.cursor).toBe(source.history.end);
              leave(client);
            }
            for (const client of left) {
              client.audit(all);
              for (const { gaps, caught, last, oldest } of client.visits) {
                if (last && oldest === undefined) seen.cancelled += 1;
                if (oldest !== undefined) seen.found += 1;
                seen.gaps += gaps.length;
                seen.evicted += gaps.filter(({ reason }) => reason === 'evicted').length;
                seen.caught += caught;
              }
            }
            for (const watcher of crowd) fanOut.unwatch(watcher);
            expect(fanOut.groups).toBe(0);
            expect(source.history.end).toBe(all.length + 1);
            feed.end();
            await vi.advanceTimersByTimeAsync(1_000);
          },
        ),
        { numRuns: 400 },
      );
      expect(vi.getTimerCount()).toBe(0);
      // The runs reached all this, so that nothing is proved by its absence.
      for (const number of Object.values(seen)) expect(number).toBeGreaterThan(20);
    },
    RUNS_MS,
  );
});
