import { type INestApplicationContext } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { MonitorGateway } from './monitor/monitor.gateway.js';
import { timeoutIsNoTime } from './options/options.messages.js';
import { AuditTrail } from './trail/audit-trail.js';

/** @publicApi */
export interface FlushLogStreamingOptions {
  /**
   * How long to wait for clients that take their time, and for the trail, in milliseconds.
   * @default 2_000
   */
  readonly timeoutMs?: number;
}

/**
 * Hands over everything that was logged: to the clients that watch, and to the trail, where there is one. It is the line
 * before `process.exit()`, which gives nobody the time:
 *
 *     logger.fatal('The disk is gone', error);
 *     await flushLogStreaming(app);
 *     process.exit(1);
 *
 * What the sockets take at once is written before it returns, so that clients that keep up get it even where nobody can
 * await. The app goes on as before; `app.close()` does the same on its way.
 *
 * @returns whether all of it was handed over in time: every socket has it, and every audit record is in the trail or in
 * its spool. A client that has paused does not count
 * @throws TypeError when `timeoutMs` is no time
 * @publicApi
 */
export async function flushLogStreaming(
  app: INestApplicationContext,
  { timeoutMs = 2_000 }: FlushLogStreamingOptions = {},
): Promise<boolean> {
  if (!Number.isFinite(timeoutMs) || timeoutMs < 0) throw new TypeError(timeoutIsNoTime(timeoutMs));
  const streamed = app.get(MonitorGateway).handOver(timeoutMs);
  const kept = settledWithin(app.get(AuditTrail).store?.settled(), timeoutMs);
  return (await Promise.all([streamed, kept])).every(Boolean);
}

async function settledWithin(settled: Promise<void> | undefined, timeoutMs: number): Promise<boolean> {
  if (!settled) return true;
  const over = new AbortController();
  try {
    return await Promise.race([
      settled.then(() => true),
      pause(timeoutMs, false, { signal: over.signal }).catch(() => false),
    ]);
  } catch {
    return false;
  } finally {
    over.abort();
  }
}
