import { Logger } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { monitoredApp } from '../harness/monitored-app.js';

describe('the monitor', () => {
  it('sends system and audit records as they are logged', async () => {
    await using app = await monitoredApp().start();
    await using client = await app.watch();
    new Logger('app.server').log('Instance spawned successfully', { instance_id: 'abc123' });
    new Logger('audit.instance').log('spawned', {
      action: 'instance_spawn',
      metadata: { role: 'x' },
      event_type: 'spawn',
    });
    await client.count(2);
    expect(client.frames).toHaveLength(2);
  });
});
