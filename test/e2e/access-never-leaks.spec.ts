import fc from 'fast-check';
import { type Authorize, type FilterSpec, type LogCategory, type Principal } from 'nestjs-log-stream';
import { describe, expect, it } from 'vitest';
import { bareApp } from '../harness/bare-app.js';
import { turns } from '../harness/event-loop.js';
import { type MonitorClient } from '../harness/monitor-client.js';
import { type MonitoredApp } from '../harness/monitored-app.js';
import { range } from '../harness/produce.js';
import { runs } from '../harness/property-runs.js';

/** A filter to hold somebody to, and what it lets through, said without the code that is tested. */
interface Forced {
  readonly filter?: FilterSpec;
  readonly lets: (n: number) => boolean;
}

const isAudit = (n: number): boolean => n % 5 === 0;
const isError = (n: number): boolean => n % 7 === 0;

const FORCED: readonly Forced[] = [
  { lets: () => true },
  { filter: { level: 'ERROR' }, lets: isError },
  { filter: { where: { kind: 1 } }, lets: (n) => n % 3 === 1 },
  { filter: { not: { category: 'audit' } }, lets: (n) => !isAudit(n) },
  { filter: { not: { level: 'ERROR' }, logger: 'app.*' }, lets: (n) => !isError(n) && n % 2 === 0 },
  { filter: { search: 'TOKEN-3' }, lets: (n) => String(n).startsWith('3') },
];

const CATEGORIES: readonly (readonly LogCategory[])[] = [['system'], ['audit'], ['system', 'audit']];

/** Whatever a client may wish for. */
const filter = fc.constantFrom<FilterSpec>(
  {},
  { category: 'audit' },
  { category: 'system' },
  { level: 'DEBUG' },
  { not: { level: 'ERROR' } },
  { not: { not: {} } },
  { where: { kind: 2 } },
  { search: 'token' },
  { logger: ['*'] },
);

const replay = fc.option(
  fc.oneof(
    fc.record({ last: fc.nat({ max: 80 }) }),
    fc.nat({ max: 80 }).map((position) => ({ position })),
  ),
  { nil: undefined },
);

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('publish' as const), count: fc.integer({ min: 1, max: 40 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), turns: fc.nat({ max: 4 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('connect' as const), extended: fc.boolean(), filter, replay }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('subscribe' as const), filter, replay }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('history' as const),
      from: fc.integer({ min: 1, max: 80 }),
      limit: fc.integer({ min: 1, max: 50 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('pause' as const, 'resume' as const, 'hello' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stats' as const) }) },
);

const QUERIES = new Map<string, string>([
  ['{}', ''],
  ['{"category":"audit"}', '&category=audit'],
  ['{"category":"system"}', '&category=system'],
]);

/** Everything in a text that says which record it is of: a leak, whatever message it is in. */
function recordsIn(texts: readonly string[]): number[] {
  return texts.flatMap((text) => [...text.matchAll(/token-(\d+)-/g)].map(([, n]) => Number(n)));
}

function publish(app: MonitoredApp, from: number, to: number): void {
  for (const n of range(from, to)) {
    app.stream.publish({
      message: `token-${n}-`,
      logger: n % 2 === 0 ? 'app.a' : 'lib.b',
      level: isError(n) ? 'ERROR' : 'INFO',
      kind: n % 3,
      ...(isAudit(n) ? { is_audit: true, action: 'count' } : {}),
    });
  }
}

describe('a client that is held to a filter and to categories', () => {
  it('gets all that it may see, and never anything of a record that it may not', async () => {
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...FORCED),
        fc.constantFrom(...CATEGORIES),
        fc.integer({ min: 20, max: 200 }),
        fc.array(step, { minLength: 10, maxLength: 30, size: 'max' }),
        async (forced, categories, kept, steps) => {
          const principal: Principal = { categories, ...(forced.filter ? { filter: forced.filter } : {}) };
          const restricted = forced.filter !== undefined || categories.length === 1;
          const may = (n: number): boolean =>
            forced.lets(n) && categories.includes(isAudit(n) ? 'audit' : 'system');
          const authorize: Authorize = () => principal;
          await using app = await bareApp({
            authorize,
            history: { records: kept },
            limits: { messages: { count: 1_000 } },
          });
          const clients: MonitorClient[] = [];
          const say = (event: string, data?: unknown): void => {
            const client = clients.at(-1);
            if (client?.socket.readyState === 1)
              client.socket.send(JSON.stringify({ event, data, id: event }));
          };
          // A cursor is no secret: whoever saw one can make others.
          const cursor = (position: number): string => app.stream.cursors.format(position);
          let published = 0;
          for (const action of steps) {
            if (action.do === 'publish') publish(app, published + 1, (published += action.count) + 1);
            else if (action.do === 'wait') await turns(action.turns);
            else if (action.do === 'stats') {
              for (const session of sessionsOf(app)) session.pulse();
            } else if (action.do === 'connect') {
              const { extended, replay: wish } = action;
              const start = !wish
                ? ''
                : 'last' in wish
                  ? `&replay=${wish.last}`
                  : `&after=${cursor(wish.position + 1)}`;
              const query = `${QUERIES.get(JSON.stringify(action.filter)) ?? ''}${start}`;
              clients.push(await app.watch(`/ws/monitor?${extended ? 'v=1' : ''}${query}`));
            } else if (action.do === 'subscribe') {
              const wish = action.replay;
              const start = !wish ? undefined : 'last' in wish ? wish : { after: cursor(wish.position + 1) };
              say('subscribe', { filter: action.filter, replay: start });
            } else if (action.do === 'history') say('history', { from: action.from, limit: action.limit });
            else say(action.do, action.do === 'hello' ? { v: 1 } : undefined);
          }
          publish(app, published + 1, (published += 30) + 1);
          await using last = await app.watchExtended('replay=1000');
          const there = range(app.stream.history.start, published + 1).filter(may);
          await last.first('caught_up');
          // The newest come live.
          await last.until(() => recordsIn(last.client.texts).length >= there.length);
          expect(recordsIn(last.client.texts)).toEqual(there);
          for (const client of clients) {
            if (client.socket.readyState === 1) {
              client.socket.send('{"event":"ping","id":"end"}');
              await client
                .until(() => client.texts.some((text) => text.includes('"id":"end"')))
                .catch(() => {});
            }
          }
          for (const client of [...clients, last.client]) {
            const records = recordsIn(client.texts);
            expect(records.filter((n) => !may(n))).toEqual([]);
            seen += records.length;
            const stats = client.frames.filter(({ type }) => type === 'stats');
            if (restricted) for (const { data } of stats) expect(data).not.toHaveProperty('rates');
            for (const { type, data } of client.frames) {
              if (type === 'hello') expect(data['sees']).toEqual(expect.arrayContaining([categories[0]!]));
            }
          }
          for (const client of clients) client.socket.terminate();
        },
      ),
      { numRuns: runs(80), endOnFailure: true },
    );
    expect(seen).toBeGreaterThan(1_000);
  }, 60_000);
});

function sessionsOf(app: MonitoredApp): { pulse(): void }[] {
  const { sessions } = app.gateway as unknown as { sessions: { sessions: Map<unknown, { pulse(): void }> } };
  return [...sessions.sessions.values()];
}
