import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect, type ConnectOptions, type GapItem, type LogStreamItem } from '../../src/client/index.js';
import { AuditTrail, type Authorize } from '../../src/index.js';
import { bareApp } from '../harness/bare-app.js';
import { eventually } from '../harness/event-loop.js';
import { type MonitoredApp } from '../harness/monitored-app.js';
import { withSqlite } from '../trail/harness/with-sqlite.js';
import { inState, itemsOf } from './harness/items.js';

const QUICK: ConnectOptions = { reconnect: { minMs: 1, maxMs: 5 } };

const outline = (item: LogStreamItem): unknown => ('data' in item ? item.data.message : item.type);

describe.skipIf(!withSqlite)('a client of an app with a trail (needs node:sqlite, Node 22.13)', () => {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'trail-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const start = (port?: number): Promise<MonitoredApp> =>
    bareApp({ trail: { file: join(directory, 'audit.db') }, history: { records: 4 } }, port);

  const log = (app: MonitoredApp, ...messages: string[]): void => {
    for (const message of messages) {
      app.stream.publish({ message, logger: message.startsWith('a') ? 'audit.x' : 'app' });
    }
  };

  /** Restarts the app while the client is away, and logs before and after. */
  async function overRestart(options: ConnectOptions): Promise<{ items: unknown[]; epochs: number }> {
    const first = await start();
    const { port } = first;
    await using client = connect(first.url(), { ...QUICK, ...options });
    const items = itemsOf(client);
    await client.ready;
    log(first, 'a1', 's2');
    await eventually(() => items.length >= (options.filter ? 1 : 2));
    client.pause();
    await inState(client, 'paused');
    log(first, 'a3', 's4', 'a5');
    await first.close();
    await using second = await start(port);
    log(second, 'a6', 's7', 's8', 'a9', 's10', 's11', 's12', 's13');
    client.resume();
    await eventually(() => items.some((item) => outline(item) === 's13' || outline(item) === 'a9'));
    await inState(client, 'live');
    log(second, 'a14');
    await eventually(() => items.some((item) => outline(item) === 'a14'));
    const epochs = new Set(items.flatMap((item) => ('data' in item ? [item.epoch] : [])));
    return { items: items.map(outline), epochs: epochs.size };
  }

  it('loses no audit record over a restart and an eviction, and says so', async () => {
    const { items, epochs } = await overRestart({ filter: { category: 'audit' } });
    expect(items).toEqual(['a1', 'a3', 'a5', 'a6', 'a9', 'a14']);
    expect(epochs).toBe(2);
  });

  it('gets the audit records and is told of the loss when it wants system records, too', async () => {
    const { items } = await overRestart({});
    expect(items.filter((item) => String(item).startsWith('a'))).toEqual([
      'a1',
      'a3',
      'a5',
      'a6',
      'a9',
      'a14',
    ]);
    expect(items.filter((item) => item === 'lost')).toHaveLength(1);
    expect(items.filter((item) => item === 'gap').length).toBeGreaterThan(0);
    expect(items.slice(-5)).toEqual(['s11', 's12', 's13', 'lost', 'a14']);
  });

  it('is told by the hello where it stands, not what it claims to stand', async () => {
    const first = await start();
    log(first, 'a1', 's2');
    const known = first.stream.cursors.format(1);
    await first.app.get(AuditTrail).checkpoint();
    await first.close();
    await using app = await start();
    const cursorOf = async (after: string): Promise<unknown> => {
      await using client = await app.watchExtended(`after=${after}`);
      return client.all('hello')[0]!.data['cursor'];
    };
    expect(await cursorOf('never-1')).toBe(app.stream.cursors.format(app.stream.history.end));
    // The trail knows it, and goes on there.
    expect(await cursorOf(known)).toBe(known);
  });

  it('fetches the audit records that the history no longer has, in their place', async () => {
    await using app = await start();
    log(app, 'a1', 's2', 's3', 'a4', 's5', 'a6', 's7', 's8', 'a9');
    await using client = connect(app.url());
    await client.ready;
    const page = await client.history({ from: 1 });
    expect(page).toMatchObject({ missing: 3, next: 6 });
    expect(page.records.map(outline)).toEqual(['a1', 'a4']);
    const rest = await client.history({ from: page.next! });
    expect(rest.records.map(outline)).toEqual(['a6', 's7', 's8', 'a9']);
    expect(rest).toMatchObject({ missing: 0 });
    const some = await client.history({ from: 2, to: 4, limit: 1 });
    expect(some.records).toMatchObject([{ seq: 4, type: 'audit_log', data: { id: expect.any(String) } }]);
    expect(some).toMatchObject({ missing: 2, next: undefined });
  });

  it('gives nobody more of them than they may see', async () => {
    const authorize: Authorize = ({ url }) => ({
      filter: url!.includes('system') ? { category: 'system' } : { search: 'a-zulu' },
    });
    const options = { trail: { file: join(directory, 'audit.db') }, history: { records: 1 }, authorize };
    await using app = await bareApp(options);
    // A text that no id has by chance.
    log(app, 'a1', 's2', 's3', 'a-zulu', 's5');
    await using client = connect(app.url());
    await client.ready;
    expect((await client.history({ from: 1 })).records.map(outline)).toEqual(['a-zulu']);
    await using system = connect(`${app.url()}?search=system`);
    await system.ready;
    expect(await system.history({ from: 1, to: 4 })).toMatchObject({ records: [], missing: 4 });
  });

  it('can fetch the audit records of a gap that came because the trail could not be read', async () => {
    await using app = await start();
    log(app, 'a1', 's2', 's3', 'a4', 's5', 's6', 's7', 's8');
    const keeper = app.stream.keeper!;
    const read = vi.spyOn(keeper, 'read').mockRejectedValue(new Error('still in the spool'));
    await using client = connect(app.url(), { replay: { after: app.stream.cursors.format(1) } });
    const items = itemsOf(client);
    await eventually(() => items.length === 5);
    const gap = items[0] as GapItem;
    expect(gap).toMatchObject({ type: 'gap', from: 1, to: 4, reason: 'evicted', fetchable: true });
    await expect(client.history(gap)).rejects.toMatchObject({ code: 'trail_unavailable' });
    read.mockRestore();
    expect((await client.history(gap)).records.map(outline)).toEqual(['a1', 'a4']);
  });

  it('is told of checkpoints over HTTP with the cursor where it stands', async () => {
    await using app = await start();
    await using client = await app.read('format=ndjson');
    log(app, 'a1');
    await app.get(AuditTrail).checkpoint();
    const { cursor } = await client.first('audit_checkpoint');
    expect(cursor).toBe(app.stream.cursors.format(app.stream.history.end));
  });

  it('is told of checkpoints', async () => {
    await using app = await start();
    await using client = connect(app.url(), QUICK);
    await client.ready;
    const notes: string[] = [];
    client.on('audit_checkpoint', ({ note }) => notes.push(note));
    log(app, 'a1');
    const note = await app.get(AuditTrail).checkpoint();
    await eventually(() => notes.length > 0);
    expect(notes).toEqual([note]);
  });
});
