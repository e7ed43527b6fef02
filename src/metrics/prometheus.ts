import { Counter, Gauge, register, type Registry } from 'prom-client';
import { type LogStreamMetrics } from './log-stream-metrics.js';
import { type MetricsSnapshot } from './metrics-snapshot.js';

type Labelled = Readonly<Record<string, number>>;

/** A metric: name, help, how to read it and, where it has one, its label. Units as in the Prometheus conventions. */
type Definition = readonly [
  name: string,
  help: string,
  read: (now: MetricsSnapshot) => number | Labelled,
  label?: string,
];

const COUNTERS: readonly Definition[] = [
  ['log_stream_records_total', 'Records produced, by level.', (now) => now.produced, 'level'],
  ['log_stream_deliveries_total', 'Records times the clients that got them.', (now) => now.delivered],
  [
    'log_stream_filtered_total',
    'Records times the clients whose filter held them back.',
    (now) => now.filtered,
  ],
  [
    'log_stream_dropped_total',
    'Records that clients were not given, by reason.',
    (now) => now.dropped,
    'reason',
  ],
  ['log_stream_sent_bytes_total', 'Bytes written to sockets.', (now) => now.bytes],
  ['log_stream_client_connects_total', 'Clients that connected.', (now) => now.clients.connects],
  [
    'log_stream_client_closes_total',
    'Clients that disconnected, by close code.',
    (now) => now.clients.closes,
    'code',
  ],
  ['log_stream_client_refusals_total', 'Clients refused before the handshake.', (now) => now.clients.refused],
  [
    'log_stream_client_errors_total',
    'Messages answered with an error, by its code.',
    (now) => now.clients.errors,
    'code',
  ],
  ['log_stream_flushes_total', 'Chunks written to groups of clients.', (now) => now.flush.count],
  [
    'log_stream_flush_seconds_total',
    'Time spent in flushes, their encoding included.',
    (now) => now.flush.seconds,
  ],
  [
    'log_stream_encode_seconds_total',
    'Time spent filtering and encoding, for flushes and for clients that catch up.',
    (now) => now.flush.encodeSeconds,
  ],
  ['log_stream_failures_total', 'Failures that hurt nobody, by part.', (now) => now.failures, 'part'],
];

const GAUGES: readonly Definition[] = [
  ['log_stream_clients', 'Connected clients.', (now) => now.clients.connected],
  [
    'log_stream_client_groups',
    'Groups of clients that share filter and framing.',
    (now) => now.clients.groups,
  ],
  ['log_stream_lag_records', 'Records that the slowest client is behind.', (now) => now.lag.records],
  [
    'log_stream_lag_seconds',
    'Age of the oldest record that a client still waits for.',
    (now) => now.lag.ms / 1000,
  ],
  ['log_stream_history_records', 'Records in the history.', (now) => now.history.records],
  ['log_stream_history_bytes', 'Estimated memory of the history.', (now) => now.history.bytes],
];

/**
 * Exposes the metrics of a stream through `prom-client`, read when they are scraped.
 *
 *     exposePrometheusMetrics(app.get(LogStreamMetrics));
 *
 * @param registry prom-client's default registry without it
 * @throws Error from prom-client when the registry has these metrics already
 * @publicApi
 */
export function exposePrometheusMetrics(metrics: LogStreamMetrics, registry: Registry = register): void {
  for (const [name, help, read, label] of COUNTERS) {
    const counter = new Counter({
      name,
      help,
      registers: [],
      labelNames: label ? [label] : [],
      collect() {
        this.reset();
        each(read(metrics.snapshot()), label, (labels, value) => this.inc(labels, value));
      },
    });
    registry.registerMetric(counter);
  }
  for (const [name, help, read, label] of GAUGES) {
    const gauge = new Gauge({
      name,
      help,
      registers: [],
      labelNames: label ? [label] : [],
      collect() {
        each(read(metrics.snapshot()), label, (labels, value) => this.set(labels, value));
      },
    });
    registry.registerMetric(gauge);
  }
}

function each(
  value: number | Labelled,
  label: string | undefined,
  report: (labels: Record<string, string>, value: number) => void,
): void {
  if (typeof value === 'number') return report({}, value);
  for (const [name, number] of Object.entries(value)) report({ [label!]: name }, number);
}
