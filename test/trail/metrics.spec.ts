import { AuditHealth, AuditLogger, AuditTrail, InjectAuditLogger, LogStreamMetrics } from 'nestjs-log-stream';
import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { describe, expect, it, vi } from 'vitest';
import { exposePrometheusMetrics } from '../../src/metrics/prometheus.js';
import { monitoredApp, type MonitoredApp } from '../harness/monitored-app.js';
import { hasSqlite, rawDatabase, TrailDirectory, whyNoSqlite } from './store/a-trail.js';

const WAIT = { timeout: 15_000 };

@Injectable()
class Accounts {
  constructor(@InjectAuditLogger('accounts') readonly audit: AuditLogger) {}
}

function start({ file }: TrailDirectory): Promise<MonitoredApp> {
  const space = { lowBytes: 0, ballastBytes: 65_536 };
  return monitoredApp({ logger: false, trail: { file, space, deadlineMs: 100 } })
    .with({ providers: [Accounts] })
    .start();
}

describe.skipIf(!hasSqlite)(`The metrics of a trail${whyNoSqlite}`, () => {
  it('tell how it is, and how far it was signed', async () => {
    await using directory = new TrailDirectory();
    await using app = await start(directory);
    const metrics = app.get(LogStreamMetrics);
    expect(metrics.snapshot().trail).toEqual({
      state: 'ok',
      health: 'up',
      last: 0,
      committed: 0,
      commits: 0,
      queued: 0,
      spooled: 0,
      spoolBytes: 0,
      lost: 0,
      lowSpace: false,
      closedCalls: { pending: 0, refused: 0, late: 0 },
    });
    const { audit } = app.get(Accounts);
    for (let number = 0; number < 3; number++) await audit.log('x', { action: 'n' as never });
    await app.get(AuditTrail).checkpoint();
    await audit.log('x', { action: 'n' as never });
    const { trail } = metrics.snapshot();
    expect(trail).toMatchObject({ last: 4, committed: 4, commits: 4, checkpoint: { behind: 1 } });
    expect(trail!.checkpoint!.ageMs).toBeLessThan(60_000);
  });

  it('tell what cannot be stored, and what is refused for it', async () => {
    await using directory = new TrailDirectory();
    await using app = await start(directory);
    const metrics = app.get(LogStreamMetrics);
    const { audit } = app.get(Accounts);
    using other = rawDatabase(directory.file);
    other.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE');
    const refused = audit.log('x', { action: 'n' as never }, { failure: 'closed' });
    await expect(refused).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    // The line counts as soon as its write is under way, its bytes once they are there.
    await vi.waitUntil(() => metrics.snapshot().trail!.spoolBytes > 100, WAIT);
    const { trail } = metrics.snapshot();
    expect(trail).toMatchObject({
      state: 'failing',
      health: 'down',
      spooled: 1,
      closedCalls: { refused: 1, late: 1 },
    });
    other.exec('ROLLBACK');
    await vi.waitUntil(() => app.get(AuditHealth).isUp, WAIT);
    await vi.waitUntil(() => metrics.snapshot().trail!.spooled === 0, WAIT);
    expect(metrics.snapshot().trail).toMatchObject({ state: 'ok', health: 'up', committed: 1, lost: 0 });
  });

  it('come to Prometheus under its conventions, and only where there is a trail', async () => {
    await using directory = new TrailDirectory();
    await using app = await start(directory);
    const registry = new Registry();
    exposePrometheusMetrics(app.get(LogStreamMetrics), registry);
    const read = async (): Promise<Record<string, string>> => {
      const lines = (await registry.metrics())
        .split('\n')
        .filter((line) => line.startsWith('log_stream_audit'));
      return Object.fromEntries(lines.map((line) => line.split(' ') as [string, string]));
    };
    expect(Number((await read())['log_stream_audit_checkpoint_age_seconds'])).toBeNaN();
    const { audit } = app.get(Accounts);
    await audit.log('x', { action: 'n' as never });
    expect(await read()).toMatchObject({ log_stream_audit_unsigned_entries: '1' });
    await app.get(AuditTrail).checkpoint();
    const now = await read();
    expect(now).toEqual({
      log_stream_audit_entries_total: '1',
      log_stream_audit_commits_total: '1',
      log_stream_audit_lost_total: '0',
      log_stream_audit_refused_calls_total: '0',
      log_stream_audit_late_total: '0',
      'log_stream_audit_trail_state{state="ok"}': '1',
      'log_stream_audit_trail_state{state="failing"}': '0',
      'log_stream_audit_trail_state{state="failed"}': '0',
      'log_stream_audit_trail_state{state="closed"}': '0',
      log_stream_audit_up: '1',
      log_stream_audit_last_entry: '1',
      log_stream_audit_queued_entries: '0',
      log_stream_audit_spooled_entries: '0',
      log_stream_audit_spool_bytes: '0',
      log_stream_audit_pending_intents: '0',
      log_stream_audit_checkpoint_age_seconds: expect.stringMatching(/^[\d.]+$/),
      log_stream_audit_unsigned_entries: '0',
      log_stream_audit_low_space: '0',
    });
    const text = await registry.metrics();
    for (const [, name, type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
      expect(name!.endsWith('_total')).toBe(type === 'counter');
      expect(text).toMatch(new RegExp(`^# HELP ${name} [A-Z].*\\.$`, 'm'));
    }
    const without = await monitoredApp({ logger: false }).start();
    const other = new Registry();
    exposePrometheusMetrics(without.get(LogStreamMetrics), other);
    expect(await other.metrics()).not.toContain('log_stream_audit');
    await without.close();
  });
});
