import { LogStreamMetrics } from 'nestjs-log-stream';
import { describe, expect, it } from 'vitest';
import { bareApp } from '../../harness/bare-app.js';
import { eventually } from '../../harness/event-loop.js';
import { handedOut, produce } from '../../harness/produce.js';

describe('the metrics of an app', () => {
  it('are nothing before anything happened', async () => {
    await using app = await bareApp();
    expect(app.get(LogStreamMetrics).snapshot()).toEqual({
      produced: { DEBUG: 0, INFO: 0, WARNING: 0, ERROR: 0, CRITICAL: 0 },
      delivered: 0,
      filtered: 0,
      dropped: {},
      bytes: 0,
      clients: { connected: 0, groups: 0, connects: 0, disconnects: 0, refused: 0, closes: {}, errors: {} },
      lag: { records: 0, ms: 0 },
      flush: { count: 0, seconds: 0, encodeSeconds: 0 },
      history: { records: 0, bytes: 0 },
      failures: { innerLogger: 0, stream: 0, observers: 0 },
    });
  });

  it('tell what became of every record, for every client', async () => {
    await using app = await bareApp({ history: { records: 50 } });
    const metrics = app.get(LogStreamMetrics);
    const plain = await app.watchRaw();
    const errors = await app.watchExtended('level=ERROR');
    await produce(app, 0, 70);
    await handedOut(app);
    await errors.message('63');
    await plain.until(() => plain.texts.length === 70);
    // Later there is a client that catches up: what is encoded for it is no part of a flush.
    const { flush } = metrics.snapshot();
    expect(flush.seconds).toBeGreaterThanOrEqual(flush.encodeSeconds);
    const late = await app.watchExtended(`after=${app.stream.cursors.format(1)}`);
    await late.first('caught_up');

    const now = metrics.snapshot();
    expect(now.produced).toEqual({ DEBUG: 0, INFO: 60, WARNING: 0, ERROR: 10, CRITICAL: 0 });
    expect(now.delivered).toBe(70 + 10 + 50);
    expect(now.filtered).toBe(60);
    expect(now.dropped).toEqual({ evicted: 20 });
    expect(now.clients).toMatchObject({ connected: 3, groups: 3, connects: 3, disconnects: 0 });
    expect(now.history).toEqual({ records: 50, bytes: app.stream.history.bytes });
    expect(now.lag).toEqual({ records: 0, ms: 0 });
    expect(now.flush.count).toBeGreaterThan(0);
    expect(now.flush.encodeSeconds).toBeGreaterThan(0);

    late.send({ event: 'launch' });
    late.send('{');
    await late.until(() => late.all('error').length === 2);
    expect(await app.refusal({ headers: { host: 'example.com' } })).toBe(401);
    await late.break();
    await errors[Symbol.asyncDispose]();
    await plain[Symbol.asyncDispose]();
    await eventually(() => app.gateway.clients === 0);
    expect(metrics.snapshot().clients).toEqual({
      connected: 0,
      groups: 0,
      connects: 3,
      disconnects: 3,
      refused: 1,
      closes: { 1005: 1, 1006: 2 },
      errors: { unknown_event: 1, invalid_json: 1 },
    });
  });

  it('count exactly the bytes that were written for records', async () => {
    await using app = await bareApp();
    await using raw = await app.watchRaw();
    await produce(app, 0, 30);
    await raw.until(() => raw.texts.length === 30);
    const bytes = raw.frames.reduce(
      (sum, { payload }) => sum + payload.length + (payload.length < 126 ? 2 : 4),
      0,
    );
    expect(app.get(LogStreamMetrics).snapshot().bytes).toBe(bytes);
  });

  it('tell how far the slowest client is behind', async () => {
    await using app = await bareApp();
    await using quick = await app.watchExtended();
    await using slow = await app.watchExtended();
    await slow.ask('pause');
    app.stream.publish({ message: 'old', timestamp: Date.now() - 5_000 });
    await produce(app, 0, 9);
    await quick.message('8');
    const { lag } = app.get(LogStreamMetrics).snapshot();
    expect(lag.records).toBe(10);
    expect(lag.ms).toBeGreaterThanOrEqual(5_000);
  });

  it('are a copy: what was read does not change', async () => {
    await using app = await bareApp();
    const before = app.get(LogStreamMetrics).snapshot();
    await produce(app, 0, 5);
    expect(before.produced.INFO).toBe(0);
  });
});
