import { describe, expect, it } from 'vitest';
import { constants, inflateRawSync } from 'node:zlib';
import { bareApp } from '../harness/bare-app.js';
import { serverFrame, type ServerFrame } from '../harness/extended-client.js';
import { OPCODES, type RawFrame } from '../harness/frames.js';
import { type MonitoredApp } from '../harness/monitored-app.js';
import { range } from '../harness/produce.js';
import { type RawClient } from '../harness/raw-client.js';

const DEFLATE = { 'Sec-WebSocket-Extensions': 'permessage-deflate' };
const V1 = '/ws/monitor?v=1';

/** One flush of records that deflate well only with a window of many kilobytes. */
function burst(app: MonitoredApp, count = 100): void {
  for (let n = 0; n < count; n++) {
    app.stream.publish({ message: String(n), noise: noise(n % 10), ümläut: '✓' });
  }
}

/** Text without repetitions of its own, the same for the same number. */
function noise(seed: number): string {
  let state = seed + 1;
  return Array.from({ length: 150 }, () => {
    state = Math.imul(state, 48_271) % 0x7fffffff;
    return Math.abs(state).toString(36);
  }).join('');
}

/** What a raw client reads, by the letter of RFC 7692, section 7.2.2. */
function read({ payload, compressed }: RawFrame, windowBits = 15): ServerFrame {
  if (!compressed) return serverFrame(String(payload));
  const message = Buffer.concat([payload, Buffer.from([0x00, 0x00, 0xff, 0xff])]);
  return serverFrame(String(inflateRawSync(message, { finishFlush: constants.Z_SYNC_FLUSH, windowBits })));
}

async function readAll(client: RawClient, count: number, windowBits?: number): Promise<ServerFrame[]> {
  const texts = (): ServerFrame[] =>
    client.frames.filter(({ opcode }) => opcode === OPCODES.text).map((frame) => read(frame, windowBits));
  await client.until(() => texts().flatMap(({ items }) => items).length >= count);
  return texts();
}

function numbers(frames: readonly ServerFrame[]): number[] {
  return frames.flatMap(({ items }) => items).map(({ data }) => Number(data['message']));
}

describe('with compression', () => {
  it('each client gets what it negotiated, all in the same run, and all read the same', async () => {
    await using app = await bareApp({ compression: true });
    await using deflating = await app.watchRaw(V1, DEFLATE);
    await using verbatim = await app.watchRaw(V1);
    await using plain = await app.watchRaw('/ws/monitor', DEFLATE);
    await using stock = await app.watchExtended();
    await using stockVerbatim = await app.watchExtended('', { perMessageDeflate: false });
    await using stockPlain = await app.watch();
    burst(app);
    const [compressed, uncompressed] = await Promise.all([readAll(deflating, 100), readAll(verbatim, 100)]);
    await Promise.all([stock.message('99'), stockVerbatim.message('99'), stockPlain.count(100)]);
    await plain.until(() => plain.texts.length >= 100);

    expect(deflating.answer).toMatch(/permessage-deflate.*server_no_context_takeover/i);
    expect(verbatim.answer).not.toMatch(/permessage-deflate/i);
    expect(deflating.frames.filter((frame) => frame.compressed).length).toBeGreaterThan(0);
    expect(verbatim.frames.some((frame) => frame.compressed)).toBe(false);
    expect(plain.frames.some((frame) => frame.compressed)).toBe(false);
    expect(plain.answer).toMatch(/permessage-deflate/i);
    expect(stock.client.socket.extensions).toBe('permessage-deflate');
    expect(stockVerbatim.client.socket.extensions).toBe('');

    expect(numbers(compressed)).toEqual(range(0, 100));
    const batches = (frames: readonly ServerFrame[]): object => frames.filter(({ type }) => type === 'batch');
    expect(batches(compressed)).toEqual(batches(uncompressed));
    expect(stock.all('batch')).toEqual(batches(compressed));
    expect(stockVerbatim.all('batch')).toEqual(batches(compressed));
    expect(stockPlain.frames.map(({ data }) => Number(data['message']))).toEqual(range(0, 100));
    expect(plain.texts).toEqual(stockPlain.texts);

    const size = (client: RawClient): number =>
      client.frames.reduce((sum, { payload }) => sum + payload.length, 0);
    expect(size(deflating)).toBeLessThan(size(verbatim) / 3);
  });

  it('every message stands alone: a client that comes later reads from its first on', async () => {
    await using app = await bareApp({ compression: true });
    await using early = await app.watchRaw(V1, DEFLATE);
    burst(app);
    await readAll(early, 100);
    await using late = await app.watchRaw(V1, DEFLATE);
    burst(app);
    expect(numbers(await readAll(late, 100))).toEqual(range(0, 100));
    expect(late.frames.some((frame) => frame.compressed)).toBe(true);
  });

  it('small batches and answers go as they are', async () => {
    await using app = await bareApp({ compression: true });
    await using client = await app.watchRaw(V1, DEFLATE);
    app.stream.publish({ message: 'small' });
    const frames = await readAll(client, 1);
    expect(frames.map(({ type }) => type)).toEqual(['hello', 'batch']);
    expect(client.frames.some((frame) => frame.compressed)).toBe(false);
  });

  it('a replay is compressed, too', async () => {
    await using app = await bareApp({ compression: true });
    burst(app);
    await using client = await app.watchRaw(`${V1}&replay=100`, DEFLATE);
    expect(numbers(await readAll(client, 100))).toEqual(range(0, 100));
    expect(client.frames.some((frame) => frame.compressed)).toBe(true);
  });

  it.each([8, 9, 10, 14])('a client that can only look back 2^%i bytes reads everything', async (bits) => {
    await using app = await bareApp({ compression: true });
    const headers = { 'Sec-WebSocket-Extensions': `permessage-deflate; server_max_window_bits=${bits}` };
    await using raw = await app.watchRaw(V1, headers);
    expect(raw.status).toBe(101);
    expect(raw.answer).toContain(`server_max_window_bits=${bits}`);
    await using stock = await app.watchExtended('', { perMessageDeflate: { serverMaxWindowBits: bits } });
    await using full = await app.watchRaw(V1, DEFLATE);
    burst(app);
    expect(numbers(await readAll(raw, 100, bits))).toEqual(range(0, 100));
    expect(raw.frames.some((frame) => frame.compressed)).toBe(false);
    await stock.message('99');
    expect(stock.messages.map(Number)).toEqual(range(0, 100));
    expect(numbers(await readAll(full, 100))).toEqual(range(0, 100));
    expect(full.frames.some((frame) => frame.compressed)).toBe(true);
  });

  it.each([
    'permessage-deflate; server_max_window_bits=15',
    'permessage-deflate; client_max_window_bits',
    'permessage-deflate; client_max_window_bits=10; client_no_context_takeover',
    'x-unknown, permessage-deflate; server_no_context_takeover',
  ])('a client that offers %s gets compressed batches', async (offer) => {
    await using app = await bareApp({ compression: true });
    await using client = await app.watchRaw(V1, { 'Sec-WebSocket-Extensions': offer });
    burst(app);
    expect(numbers(await readAll(client, 100))).toEqual(range(0, 100));
    expect(client.frames.some((frame) => frame.compressed)).toBe(true);
  });

  it('a client may send compressed messages', async () => {
    await using app = await bareApp({ compression: true });
    await using client = await app.watchExtended('', { perMessageDeflate: { threshold: 0 } });
    const answer = await client.ask('subscribe', { filter: { search: 'x'.repeat(200) } });
    expect(answer.data['filter']).toEqual({ search: 'x'.repeat(200) });
  });

  it('a client that inflates to more than 64 KiB is closed', async () => {
    await using app = await bareApp({ compression: true });
    const client = await app.watchExtended('', { perMessageDeflate: { threshold: 0 } });
    const closed = client.closed();
    client.send({ event: 'x'.repeat(70_000) });
    expect((await closed).code).toBe(1009);
  });
});

describe('without compression', () => {
  it('nothing is negotiated and nothing compressed', async () => {
    await using app = await bareApp();
    await using raw = await app.watchRaw(V1, DEFLATE);
    await using stock = await app.watchExtended();
    burst(app);
    expect(numbers(await readAll(raw, 100))).toEqual(range(0, 100));
    expect(raw.answer).not.toMatch(/extensions/i);
    expect(raw.frames.some((frame) => frame.compressed)).toBe(false);
    expect(stock.client.socket.extensions).toBe('');
  });
});
