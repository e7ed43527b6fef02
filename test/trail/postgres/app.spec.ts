import { Controller, HttpCode, Module, Param, Post } from '@nestjs/common';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Audit, AuditTrail } from '../../../src/index.js';
import { type TrailPostgresOptions } from '../../../src/options/postgres-options.js';
import { audit } from '../../cli/audit/a-file.js';
import { monitoredApp } from '../../harness/monitored-app.js';
import { PostgresServer, whyNoPostgres } from './postgres-server.js';

@Controller()
class Invoices {
  @Post('invoices/:id/pay')
  @HttpCode(200)
  @Audit('invoice_pay' as never)
  pay(@Param('id') id: string): string {
    if (id === '13') throw new Error('no such invoice');
    return id;
  }
}

@Module({ controllers: [Invoices] })
class InvoicesModule {}

describe.skipIf(whyNoPostgres !== '')(`an app whose trail is in PostgreSQL${whyNoPostgres}`, () => {
  let server: PostgresServer;
  let directory = '';
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'trail-'));
    server = await PostgresServer.start();
  }, 60_000);
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true, force: true });
  });

  const start = (postgres: TrailPostgresOptions, file?: string) =>
    monitoredApp({ logger: false, trail: { postgres, ...(file !== undefined && { file }) } })
      .with({ imports: [InvoicesModule] })
      .start();
  type App = Awaited<ReturnType<typeof start>>;
  const pay = (app: App, id: number) => app.request(`/invoices/${id}/pay`, { method: 'POST' });

  it('keeps the records of all its processes in one chain, which routes and commands read and verify', async () => {
    const schema = server.newSchema();
    const url = `${server.url}&schema=${schema}`;
    expect(await audit('init', url)).toMatchObject({ exitCode: 0 });
    expect(await audit('init', url)).toMatchObject({ exitCode: 0 });
    {
      await using one = await start({ url }, join(directory, 'one'));
      // The other process has no key: the first one signs.
      await using other = await start({ url });
      await Promise.all([1, 2, 3, 13].flatMap((id) => [pay(one, id), pay(other, id)]));
      const stored = `SELECT count(*)::integer AS n FROM ${schema}.entries WHERE action = 'invoice_pay'`;
      await vi.waitUntil(async () => (await server.query(stored))[0]?.n === 8, { timeout: 20_000 });
      const page = (await (await other.request('/monitor/audit?action=invoice_*')).json()) as {
        entries: { seq: number; data: { outcome: string } }[];
      };
      expect(page.entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      expect(page.entries.filter(({ data }) => data.outcome === 'failure')).toHaveLength(2);
      const failed = await one.get(AuditTrail).query({ outcome: 'failure' });
      expect(failed.entries).toHaveLength(2);
    }
    const verified = await audit('verify', url, '--anchors', join(directory, 'one.anchors'), '--json');
    expect(verified).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(verified.stdout)).toMatchObject({ verdict: 'ok', findings: [] });
    const found = await audit('query', url, '--outcome', 'failure', '--json');
    expect(found.stdout.trim().split('\n')).toHaveLength(2);
  });

  it('does not start where there is no trail, and says the command that makes one', async () => {
    await expect(start({ url: server.url, schema: 'nothing_here' })).rejects.toThrow(
      /npx nestjs-log-stream audit init 'postgres:.*schema=nothing_here'/,
    );
  });

  it('writes by functions alone, in the role that it is given: it can change and delete nothing', async () => {
    const schema = server.newSchema();
    await audit('init', `${server.url}&schema=${schema}`);
    await server.query(`CREATE ROLE shop LOGIN; GRANT ${schema}_app TO shop`);
    await using pool = disposable(new pg.Pool({ connectionString: server.urlOf('shop'), max: 3 }));
    await using app = await start({ pool: pool.of, schema });
    await pay(app, 1);
    const stored = async (): Promise<number> =>
      (await app.get(AuditTrail).query({ action: 'invoice_pay' })).entries.length;
    await vi.waitUntil(async () => (await stored()) === 1, { timeout: 20_000 });
    for (const sql of [
      `UPDATE ${schema}.entries SET payload = ''`,
      `DELETE FROM ${schema}.entries`,
      `TRUNCATE ${schema}.entries`,
      `INSERT INTO ${schema}.entries (seq) VALUES (1)`,
      `SELECT ${schema}.prune_step(1, 1)`,
      `SELECT ${schema}.lock()`,
    ])
      await expect(pool.of.query(sql)).rejects.toMatchObject({ code: '42501' });
    // Nor does the hand of the owner slip.
    await expect(server.query(`DELETE FROM ${schema}.entries`)).rejects.toThrow('never changed');
    await expect(server.query(`TRUNCATE ${schema}.entries`)).rejects.toThrow('never changed');
  });

  it('shows a superuser who changes what an entry says, or what it is found by', async () => {
    const schema = server.newSchema();
    const url = `${server.url}&schema=${schema}`;
    await audit('init', url);
    {
      await using app = await start({ url }, join(directory, schema));
      for (const id of [1, 2, 3]) await pay(app, id);
    }
    const off = `ALTER TABLE ${schema}.entries DISABLE TRIGGER USER;`;
    const verdict = async (): Promise<unknown> =>
      (JSON.parse((await audit('verify', url, '--json')).stdout) as { verdict: unknown }).verdict;
    await server.query(`${off} UPDATE ${schema}.entries SET action = 'other' WHERE seq = 2`);
    expect(await verdict()).toBe('altered');
    await server.query(`UPDATE ${schema}.entries SET action = 'invoice_pay' WHERE seq = 2`);
    expect(await verdict()).toBe('ok');
    await server.query(
      `UPDATE ${schema}.entries SET payload = replace(payload, 'success', 'failure') WHERE seq = 2`,
    );
    expect(await verdict()).toBe('altered');
    await server.query(`DELETE FROM ${schema}.entries WHERE seq = 3`);
    expect(await verdict()).not.toBe('ok');
  });
});

function disposable(of: pg.Pool): { readonly of: pg.Pool } & AsyncDisposable {
  return { of, [Symbol.asyncDispose]: () => of.end() };
}
