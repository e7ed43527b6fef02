import { AuditTrail, flushLogStreaming } from 'nestjs-log-stream';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ExtendedClient } from '../harness/extended-client.js';
import { MonitorClient } from '../harness/monitor-client.js';
import { monitoredApp } from '../harness/monitored-app.js';
import { withSqlite } from '../trail/harness/with-sqlite.js';

const APP = fileURLToPath(new URL('last-words/app.mjs', import.meta.url));

/** Starts the app, lets `watch` connect to it, has it end, and tells what it ended with. */
async function endOf(how: string, watch: (port: number) => Promise<void>, directory = ''): Promise<number> {
  const child = spawn(process.execPath, [APP, how, directory], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    await watch(Number(String(port)));
    child.stdin.write('end');
    const [code] = (await once(child, 'close')) as [number];
    return code;
  } finally {
    child.kill('SIGKILL');
  }
}

const LINES = Array.from({ length: 50 }, (_, n) => `line ${n}`);

describe('the last words of a process', () => {
  it.each(['fatal', 'flush', 'exit'])('reach who watches, in every way to watch: %s', async (how) => {
    let plain!: MonitorClient;
    let extended!: ExtendedClient;
    let streamed!: Promise<string>;
    let gone!: Promise<unknown>;
    const code = await endOf(how, async (port) => {
      plain = await MonitorClient.connect(`ws://127.0.0.1:${port}/ws/monitor`);
      extended = await ExtendedClient.connect(`ws://127.0.0.1:${port}/ws/monitor?v=1`);
      gone = Promise.all([plain.closed(), extended.closed()]);
      streamed = bodyOf(await fetch(`http://127.0.0.1:${port}/monitor/stream?format=ndjson`));
    });
    expect(code).toBe(1);
    await gone;
    const all = [...LINES, 'The disk is gone'];
    expect(plain.frames.map(({ data }) => data['message'])).toEqual(all);
    expect(extended.messages).toEqual(all);
    const found = [...(await streamed).matchAll(/"message":"([^"]+)"/g)].map(([, message]) => message);
    expect(found).toEqual(all);
  });

  it.runIf(withSqlite)('are in the trail when flushLogStreaming has resolved', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'last-words-'));
    try {
      expect(await endOf('audit', async () => {}, directory)).toBe(1);
      await using next = await monitoredApp({
        logger: false,
        trail: { file: join(directory, 'audit.db') },
      }).start();
      const { entries } = await next.get(AuditTrail).query({ action: 'last_words', limit: 100 });
      expect(entries).toHaveLength(50);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

async function bodyOf(response: Response): Promise<string> {
  let text = '';
  try {
    for await (const chunk of response.body!) text += Buffer.from(chunk as Uint8Array).toString();
  } catch {
    // The process has ended, not the response.
  }
  return text;
}

describe('flushLogStreaming()', () => {
  it('waits for a client that takes its time, no longer than it is told to', async () => {
    await using app = await monitoredApp().start();
    await using slow = await app.watchRaw();
    slow.pause();
    for (let n = 0; n < 200; n++) app.logger.log('x'.repeat(60_000));
    expect(await flushLogStreaming(app.app, { timeoutMs: 30 })).toBe(false);
    expect(await flushLogStreaming(app.app, { timeoutMs: 0 })).toBe(false);
    const done = flushLogStreaming(app.app, { timeoutMs: 15_000 });
    slow.resume();
    expect(await done).toBe(true);
  });

  it('leaves the app as it was, without clients, and again', async () => {
    await using app = await monitoredApp().start();
    expect(await flushLogStreaming(app.app)).toBe(true);
    await using client = await app.watch();
    app.logger.log('before');
    expect(await flushLogStreaming(app.app)).toBe(true);
    app.logger.log('after');
    await client.message('after');
    expect(client.frames.map(({ data }) => data['message'])).toEqual(['before', 'after']);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '5' as never])(
    'says that %s is no time',
    async (timeoutMs) => {
      await using app = await monitoredApp().start();
      await expect(flushLogStreaming(app.app, { timeoutMs })).rejects.toThrow('`timeoutMs` in milliseconds');
    },
  );
});
