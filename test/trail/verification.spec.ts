import { Injectable } from '@nestjs/common';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuditLogger, AuditTrail, InjectAuditLogger, type LogStreamOptions } from '../../src/index.js';
import { currentVerification } from '../../src/trail/current-verification.js';
import { type TrailReport } from '../../src/trail/evidence/verify/trail-report.js';
import { type VerificationAnswer } from '../../src/wire/trail-answers.js';
import { anchorsUnreadable, verificationStopped } from '../../src/trail/store/store.messages.js';
import { verifyInThread } from '../../src/trail/sqlite/verify/verify-in-thread.js';
import { monitoredApp } from '../harness/monitored-app.js';
import { withSqlite } from './harness/with-sqlite.js';

@Injectable()
class Accounts {
  constructor(@InjectAuditLogger('accounts') readonly audit: AuditLogger) {}
}

describe.skipIf(!withSqlite)('verifying the trail of a running app (needs node:sqlite, Node 22.13)', () => {
  let directory = '';
  let file = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'trail-'));
    file = join(directory, 'audit.db');
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const start = (options: Partial<LogStreamOptions> = {}) =>
    monitoredApp({ logger: false, trail: { file }, ...options })
      .with({ providers: [Accounts] })
      .start();
  type App = Awaited<ReturnType<typeof start>>;

  const open = (app: App, count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, account) =>
        app.get(Accounts).audit.log('Account opened', { action: 'account_open' as never, account }),
      ),
    );
  /** As somebody does who can write to the file while the app runs. */
  const tamper = (statement: string): void => {
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    const db = new DatabaseSync(file);
    db.exec('DROP TRIGGER entries_fixed');
    db.exec(statement);
    db.close();
  };

  it('finds all of it signed by the key of the app, and anchored', async () => {
    await using app = await start();
    const trail = app.get(AuditTrail);
    expect(await trail.verify()).toMatchObject({ verdict: 'ok', entries: 0 });
    await open(app, 20);
    expect(await trail.verify()).toMatchObject({
      verdict: 'ok',
      trust: 'given',
      keys: [trail.verifier],
      entries: 20,
      signedThrough: 20,
      anchoredThrough: 20,
    });
    await trail.rotateKey();
    expect(await trail.verify()).toMatchObject({ verdict: 'ok', trust: 'given', signedThrough: 21 });
  });

  it('finds what was changed under the app, whose signatures are of what it stored', async () => {
    await using app = await start();
    await open(app, 20);
    tamper(`UPDATE entries SET payload = replace(payload, 'opened', 'closed') WHERE seq = 7`);
    const { verdict, firstBadSeq } = await app.get(AuditTrail).verify();
    expect({ verdict, firstBadSeq }).toEqual({ verdict: 'altered', firstBadSeq: 7 });
  });

  it('works while records are stored, signed and anchored', async () => {
    await using app = await start({ trail: { file, checkpoint: { records: 10 } } });
    for (let round = 1; round <= 5; round += 1) {
      const [report] = await Promise.all([app.get(AuditTrail).verify(), open(app, 200)]);
      expect(report).toMatchObject({ verdict: 'ok', findings: [] });
    }
  });

  it('is done once for all who ask meanwhile, against one file of anchors', async () => {
    await using app = await start();
    await open(app, 3);
    const trail = app.get(AuditTrail);
    const [first, second] = await Promise.all([trail.verify(), trail.verify()]);
    expect(second).toBe(first);
    const anchors = join(directory, 'elsewhere');
    await writeFile(anchors, '');
    const [own, other] = await Promise.all([trail.verify(), trail.verify({ anchors })]);
    expect([own.anchoredThrough, other.anchoredThrough]).toEqual([3, 0]);
    expect(trail.verification.last?.report).toBe(own);
    const missing = trail.verify({ anchors: `${anchors}.none` });
    await expect(missing).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining(`${anchors}.none`),
    });
    expect(trail.verification.isRunning).toBe(false);
  });

  it('is stopped by the shutdown of the app, and leaves no thread', async () => {
    const app = await start();
    await open(app, 3);
    const trail = app.get(AuditTrail);
    const running = trail.verify();
    const [stopped] = await Promise.allSettled([running, app.close()]);
    expect(stopped).toMatchObject({
      status: 'rejected',
      reason: { code: 'closed', message: verificationStopped(file) },
    });
    await expect(trail.verify()).rejects.toMatchObject({ code: 'closed' });
    expect(process.getActiveResourcesInfo()).not.toContain('MessagePort');
  });

  it('rejects without a trail, and where anchors cannot be read', async () => {
    await using app = await start({ trail: undefined });
    await expect(app.get(AuditTrail).verify()).rejects.toThrow('keeps no audit trail');
    const reading = verifyInThread({ file, anchors: directory, trusted: [] });
    await expect(reading).rejects.toMatchObject({ code: 'io' });
    await expect(verifyInThread({ file, anchors: file, trusted: [] })).rejects.toMatchObject({
      message: expect.stringContaining(anchorsUnreadable(file, '').slice(0, 20)),
    });
  });

  describe('over HTTP', () => {
    const ask = async (app: App): Promise<VerificationAnswer<TrailReport>> => {
      const response = await app.request('/monitor/audit/verify');
      expect(response.status).toBe(200);
      return (await response.json()) as VerificationAnswer<TrailReport>;
    };

    it('answers the last report for a minute, and then a new one', async () => {
      await using app = await start();
      await open(app, 2);
      const first = await ask(app);
      expect(first).toMatchObject({
        report: { verdict: 'ok', entries: 2 },
        running: null,
        durationMs: expect.any(Number),
      });
      expect(Date.parse(first.at!)).toBeLessThanOrEqual(Date.now());
      await open(app, 1);
      expect(await ask(app)).toEqual(first);
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
      try {
        expect(await ask(app)).toMatchObject({ report: { verdict: 'ok', entries: 3 } });
      } finally {
        vi.useRealTimers();
      }
    });

    it('says that one runs, where that takes longer than who asks should wait', async () => {
      await using app = await start();
      const { verification } = app.get(AuditTrail);
      expect(await currentVerification(verification, 0)).toEqual({
        report: null,
        at: null,
        durationMs: null,
        running: { entries: 0, of: 0 },
      });
      await app.get(AuditTrail).verify();
      expect(await currentVerification(verification, 0)).toMatchObject({
        report: { verdict: 'ok' },
        running: null,
      });
    });

    it('is refused to who is held to a filter, or may not see audit records', async () => {
      for (const grant of [{ filter: { where: { tenant: 'a' } } }, { categories: ['system' as const] }]) {
        await using app = await start({ authorize: () => grant });
        expect((await app.request('/monitor/audit/verify')).status).toBe(403);
      }
    });
  });
});
