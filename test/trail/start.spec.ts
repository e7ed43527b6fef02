import { Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuditTrail, LogStreamModule } from '../../src/index.js';
import { resolveTrailOptions } from '../../src/options/resolve-trail-options.js';
import { openTrail } from '../../src/trail/open-trail.js';
import { noShutdownHooks } from '../../src/trail/trail.messages.js';
import { RecordingLogger } from '../harness/recording-logger.js';
import { withSqlite } from './harness/with-sqlite.js';

describe.skipIf(!withSqlite)('the start of an app with a trail (needs node:sqlite, Node 22.13)', () => {
  let directory = '';
  let file = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'trail-'));
    file = join(directory, 'audit.db');
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  /** An app whose other provider fails where it is told to. */
  const appFailing = (fails: 'made' | 'initialised' | undefined) => {
    @Injectable()
    class Other implements OnModuleInit {
      constructor(readonly trail: AuditTrail) {
        if (fails === 'made') throw new Error('no database');
      }

      onModuleInit(): void {
        if (fails === 'initialised') throw new Error('no broker');
      }
    }
    Reflect.defineMetadata('design:paramtypes', [AuditTrail], Other);

    @Module({ imports: [LogStreamModule.forRoot({ trail: { file }, logger: false })], providers: [Other] })
    class App {}
    return NestFactory.createApplicationContext(App, { abortOnError: false, logger: false });
  };

  it.each(['made', 'initialised'] as const)(
    'that fails because another provider could not be %s gives the trail back to the next try',
    async (fails) => {
      await expect(appFailing(fails)).rejects.toThrow(fails === 'made' ? 'no database' : 'no broker');
      await expect(appFailing(fails)).rejects.toThrow(fails === 'made' ? 'no database' : 'no broker');
      const app = await appFailing(undefined);
      expect(app.get(AuditTrail).status.state).toBe('ok');
      await app.close();
    },
  );

  it('does not take the trail of an app that has started', async () => {
    const app = await appFailing(undefined);
    await expect(appFailing(undefined)).rejects.toMatchObject({ code: 'locked' });
    expect(app.get(AuditTrail).status.state).toBe('ok');
    await app.close();
    // Nor that of a program which has opened it by itself.
    const store = await openTrail(resolveTrailOptions({ file }));
    await expect(appFailing(undefined)).rejects.toMatchObject({ code: 'locked' });
    await store.close();
  });

  it.each([
    ['says so when nothing will tell the app that it is to end', false],
    ['says nothing when something listens', true],
  ])('%s', async (_, listens) => {
    const others = process.listeners('SIGTERM');
    process.removeAllListeners('SIGTERM');
    if (listens) process.on('SIGTERM', ignore);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      @Module({ imports: [LogStreamModule.forRoot({ trail: { file }, logger: false })] })
      class App {}
      const logger = new RecordingLogger();
      const app = await NestFactory.createApplicationContext(App, { logger });
      expect(logger.matching(noShutdownHooks())).toEqual([]);
      vi.advanceTimersByTime(1_000);
      expect(logger.matching(noShutdownHooks())).toHaveLength(listens ? 0 : 1);
      vi.useRealTimers();
      await app.close();
    } finally {
      vi.useRealTimers();
      process.removeListener('SIGTERM', ignore);
      for (const listener of others) process.on('SIGTERM', listener);
    }
  });
});

function ignore(): void {}
