import { Counter, Gauge, register, type Registry } from 'prom-client';
import { type LogStreamMetrics } from './log-stream-metrics.js';
import { TRAIL_STATES } from '../trail/store/trail-status.js';
import { type AlertCounts } from '../alerts/alerts.js';
import { type AlertMetrics, type MetricsSnapshot, type TrailMetrics } from './metrics-snapshot.js';

type Labelled = Readonly<Record<string, number>>;

type Read<T> = (now: T) => number | Labelled | undefined;

/** A metric: name, help, how to read it and, where it has one, its label. Units as in the Prometheus conventions. */
type Definition<T = MetricsSnapshot> = readonly [name: string, help: string, read: Read<T>, label?: string];

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
  ['log_stream_history_bytes', 'Bytes of the records in the history.', (now) => now.history.bytes],
];

const ALERT_COUNTERS: readonly Definition<AlertMetrics>[] = [
  ['log_stream_alerts_fired_total', 'How often alerts fired, by name.', count('fired'), 'alert'],
  ['log_stream_alerts_failed_total', 'Calls for an alert that failed, by name.', count('failed'), 'alert'],
  [
    'log_stream_alerts_dropped_total',
    'Firings that were not handed on, by the name of the alert.',
    count('dropped'),
    'alert',
  ],
  ['log_stream_alerts_missed_total', 'Records that no alert has looked at.', (now) => now.missed],
];

const TRAIL_COUNTERS: readonly Definition<TrailMetrics>[] = [
  ['log_stream_audit_entries_total', 'Entries committed to the audit trail.', (now) => now.committed],
  ['log_stream_audit_commits_total', 'Transactions that it took to commit them.', (now) => now.commits],
  [
    'log_stream_audit_lost_total',
    'Entries that neither the audit trail nor its spool could keep.',
    (now) => now.lost,
  ],
  [
    'log_stream_audit_refused_calls_total',
    "Calls with failure 'closed' that were refused.",
    (now) => now.closedCalls.refused,
  ],
  [
    'log_stream_audit_late_total',
    'Intents and outcomes that were not acknowledged within the deadline.',
    (now) => now.closedCalls.late,
  ],
];

const TRAIL_GAUGES: readonly Definition<TrailMetrics>[] = [
  [
    'log_stream_audit_trail_state',
    'One for the state that the audit trail is in.',
    ({ state }) => Object.fromEntries(TRAIL_STATES.map((one) => [one, one === state ? 1 : 0])),
    'state',
  ],
  [
    'log_stream_audit_up',
    "Zero while calls with failure 'closed' are refused.",
    (now) => (now.health === 'up' ? 1 : 0),
  ],
  ['log_stream_audit_last_entry', 'Position of the last entry of the audit trail.', (now) => now.last],
  ['log_stream_audit_queued_entries', 'Entries that wait for their commit.', (now) => now.queued],
  ['log_stream_audit_spooled_entries', 'Entries in the spool of the audit trail.', (now) => now.spooled],
  ['log_stream_audit_spool_bytes', 'Size of that spool.', (now) => now.spoolBytes],
  [
    'log_stream_audit_pending_intents',
    'Intents whose call has no recorded outcome yet.',
    (now) => now.closedCalls.pending,
  ],
  [
    'log_stream_audit_checkpoint_age_seconds',
    'Time since the audit trail was last signed.',
    ({ checkpoint }) => checkpoint && checkpoint.ageMs / 1000,
  ],
  [
    'log_stream_audit_unsigned_entries',
    'Entries behind the last checkpoint.',
    ({ checkpoint, last }) => checkpoint?.behind ?? last,
  ],
  [
    'log_stream_audit_low_space',
    'One while the disk of the audit trail runs low.',
    (now) => (now.lowSpace ? 1 : 0),
  ],
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
  const now = (): MetricsSnapshot => metrics.snapshot();
  expose(registry, COUNTERS, GAUGES, now);
  if (now().alerts) expose(registry, ALERT_COUNTERS, [], () => now().alerts!);
  // Whether there is a trail is settled when the app is made.
  if (now().trail) expose(registry, TRAIL_COUNTERS, TRAIL_GAUGES, () => now().trail!);
}

function expose<T>(
  registry: Registry,
  counters: readonly Definition<T>[],
  gauges: readonly Definition<T>[],
  now: () => T,
): void {
  for (const [name, help, read, label] of counters) {
    const counter = new Counter({
      name,
      help,
      registers: [],
      labelNames: label ? [label] : [],
      collect() {
        this.reset();
        each(read(now()), label, (labels, value) => this.inc(labels, value));
      },
    });
    registry.registerMetric(counter);
  }
  for (const [name, help, read, label] of gauges) {
    const gauge = new Gauge({
      name,
      help,
      registers: [],
      labelNames: label ? [label] : [],
      collect() {
        each(read(now()), label, (labels, value) => this.set(labels, value));
      },
    });
    registry.registerMetric(gauge);
  }
}

function count(what: keyof AlertCounts): Read<AlertMetrics> {
  return ({ byName }) =>
    Object.fromEntries(Object.entries(byName).map(([name, counts]) => [name, counts[what]]));
}

function each(
  value: number | Labelled | undefined,
  label: string | undefined,
  report: (labels: Record<string, string>, value: number) => void,
): void {
  // Zero, which prom-client begins with, would pass for a measurement.
  if (value === undefined) return report({}, Number.NaN);
  if (typeof value === 'number') return report({}, value);
  for (const [name, number] of Object.entries(value)) report({ [label!]: name }, number);
}
