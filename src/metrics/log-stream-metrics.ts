import { Inject, Injectable } from '@nestjs/common';
import { LogStreamLogger } from '../logger/log-stream-logger.js';
import { MonitorGateway } from '../monitor/monitor.gateway.js';
import { LogStream } from '../stream/log-stream.js';
import { type MetricsSnapshot } from './metrics-snapshot.js';

/**
 * The numbers of the stream and its monitor.
 *
 * @publicApi
 */
@Injectable()
export class LogStreamMetrics {
  constructor(
    @Inject(LogStream) private readonly stream: LogStream,
    @Inject(LogStreamLogger) private readonly logger: LogStreamLogger,
    @Inject(MonitorGateway) private readonly monitor: MonitorGateway,
  ) {}

  snapshot(): MetricsSnapshot {
    const { history, produced, observerFailures: observers } = this.stream;
    const { counters, fanOut, clients: connected } = this.monitor;
    const { delivered, filtered, bytes, flushes, flushMs, encodeMs } = fanOut.totals;
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
    };
  }

  private lag(records: number): MetricsSnapshot['lag'] {
    const { history } = this.stream;
    const oldest = records > 0 ? history.at(Math.max(history.end - records, history.start)) : undefined;
    return { records, ms: oldest ? Math.max(0, Date.now() - oldest.time) : 0 };
  }
}
