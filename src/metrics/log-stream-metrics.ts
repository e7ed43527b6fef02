import { Inject, Injectable } from '@nestjs/common';
import { Alerts } from '../alerts/alerts.js';
import { AuditHealth } from '../audit/deliver/audit-health.js';
import { LogStreamLogger } from '../logger/log-stream-logger.js';
import { MonitorGateway } from '../monitor/monitor.gateway.js';
import { LogStream } from '../stream/log-stream.js';
import { AuditTrail } from '../trail/audit-trail.js';
import { type MetricsSnapshot, type TrailMetrics } from './metrics-snapshot.js';

/**
 * The numbers of the stream, its monitor and, where there is one, its audit trail.
 *
 * @publicApi
 */
@Injectable()
export class LogStreamMetrics {
  constructor(
    @Inject(LogStream) private readonly stream: LogStream,
    @Inject(LogStreamLogger) private readonly logger: LogStreamLogger,
    @Inject(MonitorGateway) private readonly monitor: MonitorGateway,
    @Inject(AuditTrail) private readonly trail: AuditTrail,
    @Inject(Alerts) private readonly alerts: Alerts,
    @Inject(AuditHealth) private readonly health: AuditHealth,
  ) {}

  snapshot(): MetricsSnapshot {
    const { history, produced, observerFailures: observers } = this.stream;
    const { counters, fanOut, clients: connected } = this.monitor;
    const { delivered, filtered, bytes, flushes, flushMs, encodeMs } = fanOut.totals;
    const alerts = this.alerts.counts;
    const { inner: innerLogger, stream } = this.logger.failures;
    return {
      produced: { ...produced },
      delivered,
      filtered,
      dropped: Object.fromEntries(counters.dropped),
      bytes,
      clients: {
        connected,
        groups: fanOut.groups,
        connects: counters.connected,
        disconnects: counters.disconnected,
        refused: counters.refused,
        closes: Object.fromEntries(counters.closes),
        errors: Object.fromEntries(counters.errors),
      },
      lag: this.lag(fanOut.lag),
      flush: { count: flushes, seconds: flushMs / 1000, encodeSeconds: encodeMs / 1000 },
      history: { records: history.length, bytes: history.bytes },
      failures: { innerLogger, stream, observers },
      ...(Object.keys(alerts).length > 0 && { alerts: { byName: alerts, missed: this.alerts.missed } }),
      ...(this.trail.isKept && { trail: this.trailMetrics() }),
    };
  }

  private trailMetrics(): TrailMetrics {
    const { state, last, committed, commits, queued, spooled, spoolBytes, lost, checkpoint, lowSpace } =
      this.trail.status;
    const { status: health, pendingIntents: pending, refused, late } = this.health.check();
    return {
      state,
      health,
      last,
      committed,
      commits,
      queued,
      spooled,
      spoolBytes,
      lost,
      ...(checkpoint && {
        // The clock may have been set back meanwhile.
        checkpoint: {
          ageMs: Math.max(0, Date.now() - Date.parse(checkpoint.time)),
          behind: last - checkpoint.size,
        },
      }),
      lowSpace,
      closedCalls: { pending, refused, late },
    };
  }

  private lag(records: number): MetricsSnapshot['lag'] {
    const { history } = this.stream;
    const oldest = records > 0 ? history.at(Math.max(history.end - records, history.start)) : undefined;
    return { records, ms: oldest ? Math.max(0, Date.now() - oldest.time) : 0 };
  }
}
