import { Logger } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { monitoredApp } from '../harness/monitored-app.js';

describe('an extended client', () => {
  it('is greeted, gets batches, and resumes', async () => {
    await using app = await monitoredApp({ logger: false, caller: 'never', compression: true }).start();
    await using client = await app.watch('/ws/monitor?v=1');
    const logger = new Logger('x');
    for (let i = 0; i < 100; i++) logger.log(`line ${i}`, { i });
    logger.log('audited', { is_audit: true, action: 'a' });
    await client.until(() => client.texts.some((t) => t.includes('audited')));
    client.socket.send(
      JSON.stringify({
        event: 'subscribe',
        id: 1,
        data: { filter: { where: { i: 50 } }, replay: { last: 5 } },
      }),
    );
    client.socket.send(JSON.stringify({ event: 'history', id: 2, data: { from: 1, limit: 2 } }));
    client.socket.send(
      JSON.stringify({ event: 'subscribe', id: 3, data: { filter: { not: { level: 'x' } } } }),
    );
    client.socket.send(JSON.stringify({ event: 'ping', id: 4 }));
    await client.until(() => client.texts.some((t) => t.includes('pong')));
    for (const t of client.texts) console.log(t.slice(0, 400));
    console.log(await app.request('/').then((r) => r.status));
    expect(client.frames[0]!.type).toBe('hello');
  });
});
