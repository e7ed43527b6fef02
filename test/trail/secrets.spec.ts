import { Controller, Get, Injectable, StreamableFile } from '@nestjs/common';
import fc from 'fast-check';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Audit, AuditLogger, AuditTrail, InjectAuditLogger } from '../../src/index.js';
import { monitoredApp } from '../harness/monitored-app.js';
import { anyCarried } from '../unit/support/carriers.js';
import { anyNesting } from '../unit/support/secrets.js';
import { withSqlite } from './harness/with-sqlite.js';

const COOKIE = 'sid=7hunter2';

@Controller()
class Files {
  @Get('file')
  @Audit('file_read' as never, { include: { args: true, result: true } })
  read(): StreamableFile {
    const stream = new PassThrough();
    stream.end('content');
    return new StreamableFile(stream, { type: 'text/plain' });
  }
}

@Injectable()
class Accounts {
  constructor(@InjectAuditLogger('accounts') readonly audit: AuditLogger) {}
}

describe.skipIf(!withSqlite)('the trail (needs node:sqlite, Node 22.13)', () => {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'trail-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it.each([false, true])(
    'does not keep the cookie of who downloads a file (on Fastify: %s)',
    async (onFastify) => {
      const builder = monitoredApp({ logger: false, trail: { file: join(directory, 'audit.db') } });
      builder.with({ controllers: [Files] });
      await using app = await (onFastify ? builder.onFastify() : builder).start();
      const response = await app.request('/file', { headers: { cookie: COOKIE } });
      expect(await response.text()).toBe('content');
      const { entries } = await app.get(AuditTrail).query({ action: 'file_read' });
      expect(entries).toMatchObject([{ data: { result: { stream: '[PassThrough]' } } }]);
      expect(JSON.stringify(entries)).not.toContain(COOKIE);
    },
  );

  it('keeps no secret that is beside its name, at any depth, and nobody is sent one', async () => {
    await using app = await monitoredApp({
      logger: false,
      trail: { file: join(directory, 'audit.db') },
    })
      .with({ providers: [Accounts] })
      .start();
    await using watcher = await app.watch();
    const { audit } = app.get(Accounts);
    let logged = 0;
    await fc.assert(
      fc.asyncProperty(anyNesting, anyCarried, async (nest, { value, core }) => {
        const metadata = { value: nest(value) };
        await audit.log('m', { action: 'account_open' as never, metadata, more: nest(value) });
        await watcher.count(++logged);
        const { entries } = await app.get(AuditTrail).query({ order: 'desc', limit: 1 });
        expect(JSON.stringify(entries)).not.toContain(core);
        expect(watcher.texts.at(-1)).not.toContain(core);
      }),
      { numRuns: 60 },
    );
  });
});
