import { Injectable } from '@nestjs/common';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuditLogger, AuditTrail, InjectAuditLogger, type LogStreamOptions } from '../../src/index.js';
import { monitoredApp } from '../harness/monitored-app.js';
import { withSqlite } from './harness/with-sqlite.js';

@Injectable()
class Accounts {
  constructor(@InjectAuditLogger('accounts') readonly audit: AuditLogger) {}
}

interface Page {
  readonly entries: { seq: number; kind: string; data: Record<string, unknown> }[];
  readonly next?: number;
}

describe.skipIf(!withSqlite)('the trail over HTTP (needs node:sqlite, Node 22.13)', () => {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'trail-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const start = (options: Partial<LogStreamOptions> = {}, onFastify = false) => {
    const builder = monitoredApp({
      logger: false,
      trail: { file: join(directory, 'audit.db') },
      ...options,
    }).with({ providers: [Accounts] });
    return (onFastify ? builder.onFastify() : builder).start();
  };
  type App = Awaited<ReturnType<typeof start>>;

  const open = (app: App, ...tenants: string[]) =>
    Promise.all(
      tenants.map((tenant) =>
        app.get(Accounts).audit.log('Account opened', { action: 'account_open' as never, tenant }),
      ),
    );
  const read = async (app: App, query = ''): Promise<Page> =>
    (await (await app.request(`/monitor/audit${query}`)).json()) as Page;

  it.each([false, true])('answers what was asked for, page by page (on Fastify: %s)', async (onFastify) => {
    await using app = await start({}, onFastify);
    await open(app, 'a', 'b', 'c');
    const first = await read(app, '?action=account_*&limit=2&order=desc');
    expect(first.entries.map(({ data }) => data['tenant'])).toEqual(['c', 'b']);
    const second = await read(app, `?action=account_*&limit=2&order=desc&before=${first.next}`);
    expect(second.entries.map(({ data }) => data['tenant'])).toEqual(['a']);
    expect(second.next).toBeUndefined();
  });

  it('is itself audited, before it answers', async () => {
    await using app = await start({ authorize: () => ({ id: 'ann' }) });
    await open(app, 'a');
    await read(app, '?text=opened');
    const { entries } = await app.get(AuditTrail).query({ action: 'audit_trail_read' });
    expect(entries).toMatchObject([{ data: { actor: { id: 'ann' }, metadata: { text: 'opened' } } }]);
  });

  it('is refused to whoever may not see audit records', async () => {
    await using app = await start({ authorize: () => ({ categories: ['system'] }) });
    expect((await app.request('/monitor/audit')).status).toBe(403);
    expect((await app.request('/monitor/audit/status')).status).toBe(403);
  });

  it('is refused to whoever may not watch', async () => {
    await using app = await start({ authorize: () => false });
    expect((await app.request('/monitor/audit')).status).toBe(401);
  });

  it('shows who is held to a filter nothing else', async () => {
    await using app = await start({ authorize: () => ({ filter: { where: { tenant: 'a' } } }) });
    await open(app, 'a', 'b', 'a');
    await app.get(AuditTrail).holds.place({ reason: 'case 7' });
    const { entries } = await read(app);
    expect(entries.map(({ kind, data }) => [kind, data['tenant']])).toEqual([
      ['record', 'a'],
      ['record', 'a'],
    ]);
  });

  it('tells who is held to a filter nothing of the others: neither by a cursor nor by a search', async () => {
    const authorize = () => ({ categories: ['audit' as const], filter: { where: { tenant: 'a' } } });
    await using app = await start({ authorize });
    await open(app, 'a', 'b', 'a', 'b');
    const log = (actor: string, tenant: string) =>
      app
        .get(Accounts)
        .audit.log(`Salary of ${actor}`, { actor: { id: actor }, tenant, action: 'pay' as never });
    await log('bob', 'b');
    await log('ann', 'a');
    for (const asked of [
      'actor=bob',
      'text=Salary%20of%20b',
      'action=pay&actor=bob',
      'text=Salary%20of%20c',
    ]) {
      expect(await read(app, `?limit=1&${asked}`)).toEqual({ entries: [], head: expect.any(Number) });
    }
    const { entries, next } = await read(app, '?limit=1&text=Salary&order=desc');
    expect(entries).toMatchObject([{ data: { message: 'Salary of ann' } }]);
    expect(next).toBe(entries[0]!.seq);
  });

  it('is answered so often in a minute, and no reading is stored beyond', async () => {
    const who = { a: { id: 'ann' }, b: { id: 'bob' }, c: { filter: {} } };
    await using app = await start({
      authorize: ({ url }) => who[new URL(url!, 'http://x').searchParams.get('who') as keyof typeof who],
      limits: { readings: { count: 3, windowMs: 3_600_000 } },
    });
    const statuses = async (name: string): Promise<number[]> => {
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => app.request(`/monitor/audit?who=${name}`)),
      );
      for (const { status, headers } of answers) {
        if (status === 429) expect(Number(headers.get('Retry-After'))).toBeOneOf([3_599, 3_600]);
      }
      return answers.map(({ status }) => status).toSorted();
    };
    const some = [200, 200, 200, ...Array.from({ length: 7 }, () => 429)];
    expect(await statuses('a')).toEqual(some);
    expect(await statuses('b')).toEqual(some);
    // By address.
    expect(await statuses('c')).toEqual(some);
    const { entries } = await app.get(AuditTrail).query({ action: 'audit_trail_read' });
    expect(entries).toHaveLength(9);
  });

  it('escapes what a terminal would obey', async () => {
    await using app = await start();
    await app.get(Accounts).audit.log('red \u009b31m\u202e \u007f', { action: 'x' as never });
    const text = await (await app.request('/monitor/audit')).text();
    expect(text).not.toMatch(/[\p{Cc}\u202e]/u);
    expect((JSON.parse(text) as Page).entries[0]!.data['message']).toBe('red \u009b31m\u202e \u007f');
  });

  it('says what is wrong with a request', async () => {
    await using app = await start();
    for (const query of ['?limit=0', '?order=up', '?from=yesterday', '?after=-1', '?kinds=none']) {
      const response = await app.request(`/monitor/audit${query}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: 'invalid_query', message: expect.any(String) });
    }
  });

  it('tells how the trail is', async () => {
    await using app = await start();
    await open(app, 'a');
    await app.get(AuditTrail).checkpoint();
    const status = await (await app.request('/monitor/audit/status')).json();
    expect(status).toMatchObject({
      state: 'ok',
      lowSpace: false,
      last: 1,
      checkpoint: { size: 1 },
      spooled: 0,
      lost: 0,
    });
    expect(status).not.toHaveProperty('problem');
  });

  it('is not there without a trail, nor when it is turned off', async () => {
    await using without = await start({ trail: undefined });
    expect((await without.request('/monitor/audit')).status).toBe(404);
    await using off = await start({ trail: { file: join(directory, 'audit.db'), path: false } });
    expect((await off.request('/monitor/audit')).status).toBe(404);
  });
});
