import { Logger } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { monitoredApp } from '../harness/monitored-app.js';
import { restoreNestLogger } from '../unit/support/nest-logger-state.js';

describe('redaction, on a socket', () => {
  restoreNestLogger();

  it('lets no secret out, live or replayed, to plain and extended clients', async () => {
    await using app = await monitoredApp({ logger: false, redact: { keys: ['user.email'] } }).start();
    await using live = await app.watch();
    const before = app.stream.history.end;
    new Logger('app').log('Calling https://me:hunter2@api with Bearer hunter2token', {
      headers: { Authorization: 'hunter2', accept: '*/*' },
      user: { email: 'hunter2@example.com', id: 7 },
    });
    new Logger('audit.x').error({ password: 'hunter2' }, new Error('paid with 4111 1111 1111 1111').stack);
    await live.count(app.stream.history.end - before);
    await using replayed = await app.watch('/ws/monitor?replay=10');
    await replayed.count(live.texts.length);
    await using extended = await app.watchExtended('replay=10');
    await extended.first('caught_up');
    const all = JSON.stringify([live.texts, replayed.texts, extended.messages]);
    expect(live.texts[0]).toContain('Calling https://[REDACTED]@api with Bearer [REDACTED]');
    expect(live.texts[0]).toContain('"headers":{"Authorization":"[REDACTED]","accept":"*/*"}');
    expect(live.texts[0]).toContain('"user":{"email":"[REDACTED]","id":7}');
    expect(all).toContain('paid with [REDACTED]');
    expect(all).not.toMatch(/hunter2|4111/);
  });
});
