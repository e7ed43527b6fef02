import { Injectable, Logger, type LoggerService, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  Audit,
  type AuditLogger,
  auditLog,
  LogStream,
  LogStreamLogger,
  LogStreamModule,
  runAs,
  setupLogStreaming,
} from 'nestjs-log-stream';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadedTwice } from '../../src/options/options.messages.js';
import { capturedOutput } from '../unit/support/captured-output.js';
import { freshNestLogger } from '../unit/support/nest-logger-state.js';

type Package = typeof import('nestjs-log-stream');

/** The built package is another copy than its sources, which the tests run. */
const BUILT = new URL('../../dist/index.js', import.meta.url).href;

/** Keeps what it is told. */
function keeper(): LoggerService & { readonly kept: unknown[][] } {
  const kept: unknown[][] = [];
  const keep = (...args: unknown[]): void => void kept.push(args);
  return { kept, log: keep, error: keep, warn: keep };
}

const messagesOf = (stream: Pick<LogStream, 'history'>): string[] =>
  [...stream.history].map(({ message }) => message);

describe('two copies of the package in one process', () => {
  freshNestLogger();
  let other: Package;
  beforeAll(async () => {
    other = (await import(/* @vite-ignore */ BUILT)) as Package;
  });

  it('are two', () => {
    expect(other.LogStream).not.toBe(LogStream);
  });

  it('stream to the app of the one what is logged by the other: auditLog, InjectAuditLogger, runAs', async () => {
    const work = { done: (): void => {} };
    const Injected = other.InjectAuditLogger('second-copy');
    @Injectable()
    class Jobs {
      constructor(@Injected readonly audit: AuditLogger) {}

      @Audit('state_change')
      run(): void {
        work.done();
      }
    }
    const inner = keeper();
    @Module({ imports: [LogStreamModule.forRoot({ logger: inner })], providers: [Jobs] })
    class AppModule {}
    const app = setupLogStreaming(await NestFactory.createApplicationContext(AppModule, { logger: inner }));
    try {
      const { id } = await other.auditLog(new Logger('jobs'), 'By the other', { action: 'state_change' });
      await app.get(Jobs).audit.log('Injected', { action: 'state_change' });
      other.runAs({ id: 'ada' }, () => app.get(Jobs).run());
      const audit = [...app.get(LogStream).history].filter(({ category }) => category === 'audit');
      expect(audit[0]).toMatchObject({ id, origin: 'api', logger: 'jobs', message: 'By the other' });
      expect(audit[1]).toMatchObject({ origin: 'api', logger: 'audit.second-copy', message: 'Injected' });
      expect(audit[2]).toMatchObject({ action: 'state_change', extra: { actor: { id: 'ada' } } });
      expect(auditLog).not.toBe(other.auditLog);
      expect(runAs).not.toBe(other.runAs);
    } finally {
      await app.close();
    }
  });

  it('stand behind one front: each app has every line once, and it is printed once', async () => {
    const inner = keeper();
    @Module({ imports: [LogStreamModule.forRoot()] })
    class First {}
    @Module({ imports: [other.LogStreamModule.forRoot()] })
    class Second {}
    const options = { logger: inner };
    const first = setupLogStreaming(await NestFactory.createApplicationContext(First, options));
    const second = other.setupLogStreaming(await NestFactory.createApplicationContext(Second, options));
    new Logger('App').log('to both');
    await first.close();
    new Logger('App').log('to the second');
    const streams = [first.get(LogStream), second.get(other.LogStream)];
    expect(streams.map((stream) => messagesOf(stream).filter((text) => text.startsWith('to')))).toEqual([
      ['to both'],
      ['to both', 'to the second'],
    ]);
    expect(inner.kept.filter(([text]) => text === 'to both')).toHaveLength(1);
    await second.close();
    expect(Object.getOwnPropertySymbols(Logger)).toEqual([]);
  });

  it('say which two files they are, where a decorator of the other would be passed over', async () => {
    class Elsewhere {
      run(): void {}
    }
    other.Audit('state_change')(Elsewhere.prototype, 'run', {
      value: Elsewhere.prototype.run,
      configurable: true,
      writable: true,
    });
    const inner = keeper();
    @Module({ imports: [LogStreamModule.forRoot()] })
    class AppModule {}
    const app = await NestFactory.createApplicationContext(AppModule, { logger: inner });
    await app.close();
    const said = inner.kept.map(([text]) => String(text)).filter((text) => text.includes('loaded twice'));
    expect(new Set(said).size).toBe(1);
    const [text] = said;
    expect(text).toContain(fileURLToPath(new URL('../../src/options/package-copies.ts', import.meta.url)));
    expect(text).toMatch(/from \S*dist\S*\.js\./);
    expect(loadedTwice('a', 'b')).toContain('from a and from b.');
  });
});

describe('an app that has another copy of @nestjs/common than the package', () => {
  freshNestLogger();

  it('has the lines of both streamed, each printed as it was, and gets both back', async () => {
    const url = new URL('./services/logger.service.js?second', import.meta.resolve('@nestjs/common'));
    const { Logger: Second } = (await import(/* @vite-ignore */ url.href)) as { Logger: typeof Logger };
    expect(Second).not.toBe(Logger);
    const [ofApp, ofPackage] = [keeper(), keeper()];
    Logger.overrideLogger(ofPackage);
    @Module({ imports: [LogStreamModule.forRoot()] })
    class AppModule {}
    const app = await NestFactory.createApplicationContext(AppModule);
    Second.overrideLogger(ofApp);
    // Made by the other copy, an app has its `Logger`, and sets loggers there.
    setupLogStreaming(
      new Proxy(app, {
        get: (target, key) =>
          key === 'logger' ? new Second('NestApplicationContext') : (Reflect.get(target, key) as unknown),
      }),
    );
    new Second('App').log('by the copy of the app');
    Second.warn('static');
    new Logger('Package').log('by the copy of the package');
    app.get(LogStreamLogger).log('directly', 'Direct');
    const stream = app.get(LogStream);
    expect(messagesOf(stream).filter((text) => !text.includes('Nest'))).toEqual([
      'by the copy of the app',
      'static',
      'by the copy of the package',
      'directly',
    ]);
    expect(ofApp.kept.map(([text]) => text)).toEqual(['by the copy of the app', 'static', 'directly']);
    expect(ofPackage.kept.map(([text]) => text)).toContain('by the copy of the package');
    await app.close();
    const printed = capturedOutput(() => new Second('App').log('afterwards'));
    expect(printed).toEqual([]);
    expect(ofApp.kept.at(-1)).toEqual(['afterwards', 'App']);
    expect(messagesOf(stream)).not.toContain('afterwards');
  });
});
