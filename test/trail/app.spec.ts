import { Controller, Injectable, Post } from '@nestjs/common';
import { Audit, AuditLogger, AuditTrail, InjectAuditLogger, runAs } from '../../src/index.js';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { monitoredApp } from '../harness/monitored-app.js';
import { withSqlite } from './harness/with-sqlite.js';

@Injectable()
class Accounts {
  constructor(@InjectAuditLogger('accounts') readonly audit: AuditLogger) {}
}

@Controller('keys')
class Keys {
  static calls = 0;

  @Audit('key_revoke' as never, { failure: 'closed' })
  @Post('revoke')
  async revoke(): Promise<{ done: true }> {
    Keys.calls += 1;
    return { done: true };
  }
}

describe.skipIf(!withSqlite)('an app with a trail (needs node:sqlite, Node 22.13)', () => {
  let directory = '';
  let file = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'trail-'));
    file = join(directory, 'audit.db');
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const start = (options = {}) =>
    monitoredApp({ logger: false, trail: { file }, ...options })
      .with({ controllers: [Keys], providers: [Accounts] })
      .start();

  it('acknowledges a record with its place in the trail, where it is found again', async () => {
    await using app = await start();
    const { audit } = app.get(Accounts);
    const receipt = await audit.log('Account opened', {
      action: 'account_open' as never,
      metadata: { iban: 'DE1' },
    });
    expect(receipt).toMatchObject({ seq: 1, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const page = await app.get(AuditTrail).query({ action: 'account_*' });
    expect(page.entries).toMatchObject([
      {
        seq: 1,
        kind: 'record',
        hash: receipt.hash,
        data: {
          id: receipt.id,
          message: 'Account opened',
          action: 'account_open',
          metadata: { iban: 'DE1' },
        },
      },
    ]);
  });

  it('stores every audit record, whoever logged it, without its secrets', async () => {
    await using app = await start();
    app.logger.log('[AUDIT] somebody logged in with Bearer abcdefghijklmnop0123', { password: 'pw' });
    app.logger.log('nothing to see');
    await app.get(AuditTrail).checkpoint();
    const { entries } = await app.get(AuditTrail).query();
    expect(entries).toHaveLength(1);
    expect(entries[0]!.data).toMatchObject({ origin: 'message_prefix', password: '[REDACTED]' });
    expect(entries[0]!.payload).not.toContain('abcdefghijklmnop0123');
  });

  it('makes the intent of a closed call durable before it, and its outcome before the answer', async () => {
    await using app = await start();
    const response = await app.request('/keys/revoke', { method: 'POST' });
    expect(await response.json()).toEqual({ done: true });
    const { entries } = await app.get(AuditTrail).query();
    expect(entries.map(({ kind }) => kind)).toEqual(['intent', 'record']);
    expect(entries[1]!.data).toMatchObject({ outcome: 'success', intent: entries[0]!.data['id'] });
  });

  it('audits who reads it, after what was read', async () => {
    await using app = await start();
    const trail = app.get(AuditTrail);
    const first = await runAs({ id: 'ann' }, () => trail.query({ action: 'none' }));
    expect(first.entries).toEqual([]);
    const seen = [];
    for await (const entry of trail.entries()) seen.push(entry);
    expect(seen).toHaveLength(2);
    expect(seen[0]!.data).toMatchObject({
      action: 'audit_trail_read',
      actor: { id: 'ann' },
      metadata: { action: 'none' },
    });
  });

  it('refuses a reading that cannot be audited', async () => {
    const app = await start();
    const trail = app.get(AuditTrail);
    await app.close();
    await expect(trail.query()).rejects.toThrow();
  });

  it('gives a client what it missed while the app was restarted', async () => {
    const first = await start();
    const watching = await first.watchExtended('category=audit');
    await first.get(Accounts).audit.log('one', { action: 'n' as never });
    await watching.message('one');
    const { cursor } = watching;
    await watching.break();
    for (const message of ['two', 'three'])
      await first.get(Accounts).audit.log(message, { action: 'n' as never });
    await first.close();

    await using second = await start();
    await second.get(Accounts).audit.log('four', { action: 'n' as never });
    await using back = await second.watchExtended(`category=audit&after=${cursor}`);
    const caughtUp = await back.first('caught_up');
    expect(back.messages).toEqual(['two', 'three', 'four']);
    expect(caughtUp).toMatchObject({ data: { recovered: true, missing: 0 } });
    expect(back.all('batch').map(({ epoch }) => epoch === undefined)).toEqual([false, true]);
  });
});
