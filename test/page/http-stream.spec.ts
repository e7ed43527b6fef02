import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LogStreamError } from '../../src/client/index.js';
import { item } from './harness/fake-client.js';
import { WatchedPage } from './harness/watched-page.js';

/** A server that answers each request as the test says, and keeps the answer open. */
class FakeServer {
  readonly asked: {
    readonly url: string;
    readonly headers: Record<string, string>;
    readonly signal: AbortSignal;
  }[] = [];
  status = 200;
  private writer: ReadableStreamDefaultController<Uint8Array> | undefined;

  readonly fetch = ((url: string, init: RequestInit) => {
    const { signal } = init;
    this.asked.push({ url, headers: init.headers as Record<string, string>, signal: signal! });
    const body = new ReadableStream<Uint8Array>({
      start: (writer) => {
        this.writer = writer;
        signal!.addEventListener('abort', () => writer.error(new Error('aborted')));
      },
    });
    return Promise.resolve(new Response(this.status === 200 ? body : null, { status: this.status }));
  }) as typeof fetch;

  send(...lines: readonly object[]): void {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    // In two pieces: what comes need not end with a line.
    const bytes = new TextEncoder().encode(text);
    this.writer!.enqueue(bytes.slice(0, 7));
    this.writer!.enqueue(bytes.slice(7));
  }

  cut(): void {
    this.writer!.close();
  }
}

const EPOCH = 'epoch1';
const line = (seq: number, message = `message ${seq}`): object => ({
  type: 'system_log',
  seq,
  data: { timestamp: '2025-10-08T18:30:45.123Z', level: 'INFO', logger: 'app', message },
  cursor: `${EPOCH}-${(seq + 1).toString(36)}`,
});

describe('a page whose WebSocket does not get through', () => {
  let server: FakeServer;
  let page: WatchedPage;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    server = new FakeServer();
    page = new WatchedPage({ ways: { streamUrl: '../monitor/stream', fetch: server.fetch } });
  });
  afterEach(async () => {
    page.client.greet();
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  async function failed(times: number): Promise<void> {
    for (let attempt = 2; attempt <= times + 1; attempt += 1) {
      const error = new LogStreamError('connection_lost', 'Could not connect.');
      page.client.become({ name: 'waiting', at: 0, attempt, error });
      await vi.advanceTimersByTimeAsync(0);
    }
  }

  it('reads over HTTP, says so and why, and goes on trying', async () => {
    await failed(1);
    expect(server.asked).toEqual([]);
    await failed(2);
    expect(server.asked).toMatchObject([
      { url: '../monitor/stream?replay=2000', headers: { accept: 'application/x-ndjson' } },
    ]);
    server.send({ type: 'heartbeat', cursor: `${EPOCH}-1` }, line(1), line(2));
    await vi.advanceTimersByTimeAsync(0);
    expect(page.texts()).toEqual(['message 1', 'message 2']);
    await failed(3);
    const { value } = page.dashboard.connection;
    expect(value).toMatchObject({ phase: 'live' });
    expect('reason' in value && value.reason).toContain('`Upgrade` and `Connection`');
    expect(page.client.closed).toBe(false);
  });

  it('goes back to the WebSocket once that is through, and shows nothing twice', async () => {
    await failed(2);
    server.send(line(1), line(2));
    await vi.advanceTimersByTimeAsync(0);
    page.client.greet();
    expect(server.asked[0]!.signal.aborted).toBe(true);
    page.client.give(item(1, {}, EPOCH), item(2, {}, EPOCH), item(3, {}, EPOCH));
    expect(page.texts()).toEqual(['message 1', 'message 2', 'message 3']);
    expect(page.dashboard.connection.value).toEqual({ phase: 'live' });
  });

  it('comes back behind what it has read, with the credential in a header', async () => {
    page.session.signIn('s3cret');
    await failed(2);
    server.send(line(1), line(2));
    server.cut();
    await vi.advanceTimersByTimeAsync(0);
    expect(page.dashboard.connection.value).toMatchObject({ phase: 'connecting' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(server.asked.map(({ url }) => url)).toEqual([
      '../monitor/stream?replay=2000',
      `../monitor/stream?after=${EPOCH}-3`,
    ]);
    expect(server.asked.every(({ headers }) => headers['authorization'] === 'Bearer s3cret')).toBe(true);
  });

  it('is cut by itself when nothing comes for longer than heartbeats do', async () => {
    await failed(2);
    server.send(line(1));
    await vi.advanceTimersByTimeAsync(39_000);
    expect(server.asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(server.asked).toHaveLength(2);
  });

  it.each([401, 403])('does not go on after %i, but asks to sign in', async (status) => {
    server.status = status;
    await failed(2);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.asked).toHaveLength(1);
    expect(page.dashboard.connection.value).toMatchObject({ phase: 'closed', signIn: true });
  });

  it('ends when the permission is withdrawn, and asks again when it was for a time', async () => {
    await failed(2);
    server.send(line(1), { type: 'closing', data: { code: 4501, reason: 'expired' } });
    server.cut();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(server.asked).toHaveLength(2);
    server.send({ type: 'closing', data: { code: 4502, reason: 'revoked' } });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.asked).toHaveLength(2);
    expect(page.dashboard.connection.value).toMatchObject({ phase: 'closed', signIn: true });
  });

  it('says what is missing: gaps, and a run that has ended', async () => {
    await failed(2);
    server.send(line(1), {
      type: 'gap',
      data: { from: 2, to: 4, count: 3, reason: 'evicted', fetchable: false },
      cursor: `${EPOCH}-5`,
    });
    server.cut();
    await vi.advanceTimersByTimeAsync(1_000);
    server.send({ type: 'caught_up', data: { recovered: false, missing: null }, cursor: 'epoch2-1' });
    await vi.advanceTimersByTimeAsync(0);
    expect(page.texts()).toEqual(['message 1', 'gap', 'notice']);
  });

  it('does not leave for HTTP where the server does not answer at all', async () => {
    page.session.answer = 'unknown';
    await failed(5);
    expect(server.asked).toEqual([]);
  });
});
