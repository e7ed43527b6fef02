import { LogStreamMetrics } from 'nestjs-log-stream';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { exposePrometheusMetrics } from '../../../src/metrics/prometheus.js';
import { bareApp } from '../../harness/bare-app.js';
import { eventually } from '../../harness/event-loop.js';
import { type MonitoredApp } from '../../harness/monitored-app.js';
import { produce } from '../../harness/produce.js';

/** Name, labels and value of every sample in a text exposition. */
function samples(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
}

function types(text: string): Map<string, string> {
  return new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name!, type!]));
}

function exposed(app: MonitoredApp): Registry {
  const registry = new Registry();
  exposePrometheusMetrics(app.get(LogStreamMetrics), registry);
  return registry;
}

describe('the metrics for Prometheus', () => {
  it('have the names, types and units of its conventions', async () => {
    await using app = await bareApp();
    const text = await exposed(app).metrics();
    expect(Object.fromEntries(types(text))).toEqual({
      log_stream_records_total: 'counter',
      log_stream_deliveries_total: 'counter',
      log_stream_filtered_total: 'counter',
      log_stream_dropped_total: 'counter',
      log_stream_sent_bytes_total: 'counter',
      log_stream_client_connects_total: 'counter',
      log_stream_client_closes_total: 'counter',
      log_stream_client_refusals_total: 'counter',
      log_stream_client_errors_total: 'counter',
      log_stream_flushes_total: 'counter',
      log_stream_flush_seconds_total: 'counter',
      log_stream_encode_seconds_total: 'counter',
      log_stream_failures_total: 'counter',
      log_stream_clients: 'gauge',
      log_stream_client_groups: 'gauge',
      log_stream_lag_records: 'gauge',
      log_stream_lag_seconds: 'gauge',
      log_stream_history_records: 'gauge',
      log_stream_history_bytes: 'gauge',
    });
    for (const [name, type] of types(text)) {
      expect(name.endsWith('_total')).toBe(type === 'counter');
      expect(text).toMatch(new RegExp(`^# HELP ${name} [A-Z].*\\.$`, 'm'));
    }
  });

  it('are zero, not absent, before anything happened, where what may happen is known', async () => {
    await using app = await bareApp();
    const now = samples(await exposed(app).metrics());
    expect(now.get('log_stream_records_total{level="CRITICAL"}')).toBe(0);
    expect(now.get('log_stream_deliveries_total')).toBe(0);
    expect(now.get('log_stream_failures_total{part="observers"}')).toBe(0);
    expect(now.get('log_stream_clients')).toBe(0);
  });

  it('are read when they are scraped, with labels, and count up without counting twice', async () => {
    await using app = await bareApp({ history: { records: 10 } });
    const registry = exposed(app);
    const client = await app.watchExtended('level=ERROR');
    await produce(app, 0, 30);
    // The last one is held back by the filter: nothing arrives that would tell.
    await eventually(() => app.get(LogStreamMetrics).snapshot().filtered === 25);
    await client.ask('subscribe', { replay: { after: app.stream.cursors.format(11) } });
    await client.first('caught_up');
    client.send('{');
    await client.first('error');
    const first = samples(await registry.metrics());
    expect(first.get('log_stream_records_total{level="INFO"}')).toBe(25);
    expect(first.get('log_stream_records_total{level="ERROR"}')).toBe(5);
    expect(first.get('log_stream_deliveries_total')).toBe(15);
    expect(first.get('log_stream_filtered_total')).toBe(25);
    expect(first.get('log_stream_dropped_total{reason="evicted"}')).toBe(10);
    expect(first.get('log_stream_client_connects_total')).toBe(1);
    expect(first.get('log_stream_client_errors_total{code="invalid_json"}')).toBe(1);
    expect(first.get('log_stream_clients')).toBe(1);
    expect(first.get('log_stream_client_groups')).toBe(1);
    expect(first.get('log_stream_history_records')).toBe(10);
    expect(first.get('log_stream_sent_bytes_total')).toBeGreaterThan(1_000);
    expect(first.get('log_stream_flush_seconds_total')).toBeLessThan(10);
    await client.break();
    await eventually(() => app.gateway.clients === 0);
    const second = samples(await registry.metrics());
    expect(second.get('log_stream_records_total{level="INFO"}')).toBe(25);
    expect(second.get('log_stream_deliveries_total')).toBe(15);
    expect(second.get('log_stream_client_closes_total{code="1006"}')).toBe(1);
    expect(second.get('log_stream_clients')).toBe(0);
  });

  it('give the lag in seconds', async () => {
    await using app = await bareApp();
    await using client = await app.watchExtended();
    await client.ask('pause');
    app.stream.publish({ message: 'old', timestamp: Date.now() - 5_000 });
    const now = samples(await exposed(app).metrics());
    expect(now.get('log_stream_lag_records')).toBe(1);
    expect(now.get('log_stream_lag_seconds')).toBeGreaterThanOrEqual(5);
    expect(now.get('log_stream_lag_seconds')).toBeLessThan(60);
  });

  it('of two apps live in two registries', async () => {
    await using one = await bareApp();
    await using other = await bareApp();
    const [first, second] = [exposed(one), exposed(other)];
    await produce(one, 0, 6);
    expect(samples(await first.metrics()).get('log_stream_records_total{level="INFO"}')).toBe(5);
    expect(samples(await second.metrics()).get('log_stream_records_total{level="INFO"}')).toBe(0);
  });

  it('cannot be exposed twice in one', async () => {
    await using app = await bareApp();
    const registry = exposed(app);
    expect(() => exposePrometheusMetrics(app.get(LogStreamMetrics), registry)).toThrow(
      /already been registered/,
    );
  });
});
