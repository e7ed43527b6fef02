import { type DynamicModule, Inject, Injectable, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import {
  LogStream,
  LogStreamLogger,
  LogStreamModule,
  MonitorGateway,
  type LogStreamOptions,
  setupLogStreaming,
} from 'nestjs-log-stream';
import { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { mustBe, optionsMustBeObject, unknownOption } from '../../src/options/options.messages.js';
import { resolveOptions } from '../../src/options/resolve-options.js';
import { MonitorClient } from '../harness/monitor-client.js';
import { monitoredApp } from '../harness/monitored-app.js';
import { restoreNestLogger } from '../unit/support/nest-logger-state.js';

const KNOWN_OPTIONS = Object.keys(resolveOptions({ logger: false })).concat('isGlobal');

@Injectable()
class Settings {
  readonly path = '/from-settings';
}

@Module({ providers: [Settings], exports: [Settings] })
class SettingsModule {}

@Injectable()
class FromClass {
  createLogStreamOptions(): LogStreamOptions {
    return { logger: false, path: '/from-class' };
  }
}

@Injectable()
class FromSettings {
  constructor(@Inject(Settings) private readonly settings: Settings) {}

  async createLogStreamOptions(): Promise<LogStreamOptions> {
    return { logger: false, path: this.settings.path };
  }
}

@Module({ imports: [SettingsModule], providers: [FromSettings], exports: [FromSettings] })
class FromSettingsModule {}

@Injectable()
class Feature {
  constructor(@Inject(LogStream) readonly stream: LogStream) {}
}

@Module({ providers: [Feature] })
class FeatureModule {}

describe('LogStreamModule', () => {
  restoreNestLogger();
  afterEach(() => vi.restoreAllMocks());

  it('works with forRoot() without arguments, by the README’s main.ts', async () => {
    const write = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    @Module({ imports: [LogStreamModule.forRoot()] })
    class AppModule {}
    const app = await NestFactory.create(AppModule, { bufferLogs: true });
    try {
      setupLogStreaming(app);
      await app.listen(0, '127.0.0.1');
      const { port } = app.getHttpServer().address() as AddressInfo;
      await using client = await MonitorClient.connect(`ws://127.0.0.1:${port}/ws/monitor`);
      new Logger('App').log('hello');
      expect((await client.message('hello')).data['logger']).toBe('App');
      expect(write.mock.calls.map(([chunk]) => String(chunk)).join('')).toContain('hello');
    } finally {
      await app.close();
    }
  });

  describe.each<[string, DynamicModule, string]>([
    [
      'useFactory',
      LogStreamModule.forRootAsync({ useFactory: () => ({ logger: false, path: '/from-factory' }) }),
      '/from-factory',
    ],
    [
      'an asynchronous useFactory with imports and inject',
      LogStreamModule.forRootAsync({
        imports: [SettingsModule],
        inject: [Settings],
        useFactory: async (settings: Settings) => ({ logger: false, path: settings.path }),
      }),
      '/from-settings',
    ],
    ['useClass', LogStreamModule.forRootAsync({ useClass: FromClass }), '/from-class'],
    [
      'useExisting',
      LogStreamModule.forRootAsync({ imports: [FromSettingsModule], useExisting: FromSettings }),
      '/from-settings',
    ],
  ])('forRootAsync with %s', (_how, module, path) => {
    it('serves the path that it sets, and no other', async () => {
      await using app = await monitoredApp().importing(module).start();
      await using client = await app.watch(path);
      new Logger('App').log('hello');
      expect((await client.message('hello')).type).toBe('system_log');
      await expect(MonitorClient.connect(app.url('/ws/monitor'))).rejects.toThrow();
    });
  });

  it('takes a factory that returns nothing for one that wants the defaults', async () => {
    vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    await using app = await monitoredApp()
      .importing(LogStreamModule.forRootAsync({ useFactory: () => undefined as unknown as LogStreamOptions }))
      .start();
    await using client = await app.watch('/ws/monitor');
    expect(client.texts).toEqual([]);
  });

  describe('with a wrong option does not start', () => {
    const starting = (module: DynamicModule): Promise<unknown> =>
      Test.createTestingModule({ imports: [module] }).compile();

    it.each<[object, string]>([
      [{ pth: '/x' }, unknownOption('pth', KNOWN_OPTIONS)],
      [
        { path: 'ws' },
        mustBe('path', "a path with a leading slash and without query, as '/ws/monitor'", 'ws'),
      ],
      [{ caller: 'no' }, mustBe('caller', "one of 'budget', 'always', 'watched', 'never'", 'no')],
      [{ history: { records: 0 } }, mustBe('history.records', 'a whole number from 1 to 10000000', 0)],
    ])('%o, given to forRoot or by a factory', async (options, sentence) => {
      await expect(starting(LogStreamModule.forRoot(options))).rejects.toThrow(new TypeError(sentence));
      await expect(starting(LogStreamModule.forRootAsync({ useFactory: () => options }))).rejects.toThrow(
        new TypeError(sentence),
      );
    });

    it.each([null, 'options', [], 5])('%o, returned by a factory', async (options) => {
      const useFactory = (): LogStreamOptions => options as unknown as LogStreamOptions;
      await expect(starting(LogStreamModule.forRootAsync({ useFactory }))).rejects.toThrow(
        new TypeError(optionsMustBeObject(options)),
      );
    });

    it('and the error of a factory reaches the caller', async () => {
      const useFactory = (): never => {
        throw new Error('no settings');
      };
      await expect(starting(LogStreamModule.forRootAsync({ useFactory }))).rejects.toThrow('no settings');
    });
  });

  it('is not affected by later changes to the options, and does not change them', async () => {
    const options = {
      logger: false,
      path: '/logs/',
      history: { records: 3 },
      allowedOrigins: [] as string[],
    } as const;
    const before = structuredClone(options);
    const module = LogStreamModule.forRoot(options);
    await using app = await monitoredApp().importing(module).start();
    expect(options).toEqual(before);
    Object.assign(options, { path: '/changed', caller: 'never' });
    Object.assign(options.history, { records: 1 });
    app.logger.log('one');
    app.logger.log('two');
    expect([...app.stream.history].slice(-2).map(({ message }) => message)).toEqual(['one', 'two']);
    await using client = await app.watch('/logs');
    app.logger.log('three');
    expect((await client.message('three')).data['module']).toBe('module.spec');
  });

  describe('isGlobal', () => {
    it('lets every module inject the stream, by default', async () => {
      await using app = await monitoredApp()
        .with({ imports: [FeatureModule] })
        .start();
      expect(app.get(Feature).stream).toBe(app.stream);
    });

    it.each<[string, DynamicModule]>([
      ['forRoot', LogStreamModule.forRoot({ logger: false, isGlobal: false })],
      [
        'forRootAsync',
        LogStreamModule.forRootAsync({ isGlobal: false, useFactory: () => ({ logger: false }) }),
      ],
    ])('false needs an import where it is used, with %s', async (_how, module) => {
      await expect(Test.createTestingModule({ imports: [module, FeatureModule] }).compile()).rejects.toThrow(
        /LogStream/,
      );

      @Module({ imports: [module], providers: [Feature], exports: [Feature] })
      class ImportingFeature {}
      await using app = await monitoredApp()
        .importing(module)
        .with({ imports: [ImportingFeature] })
        .start();
      expect(app.get(Feature).stream).toBe(app.stream);
    });
  });

  it('can be injected: stream, logger and gateway, each a single one', async () => {
    await using app = await monitoredApp().start();
    for (const token of [LogStream, LogStreamLogger, MonitorGateway]) {
      expect(app.app.get(token)).toBeInstanceOf(token);
      expect(app.app.get(token)).toBe(app.app.get(token));
    }
  });

  it('completes the stream when the app shuts down', async () => {
    const app = await monitoredApp().start();
    const events: string[] = [];
    app.stream.records$.subscribe({
      next: ({ message }) => events.push(message),
      complete: () => events.push('completed'),
    });
    app.logger.log('one');
    await app.close();
    app.logger.log('two');
    expect(events).toEqual(['one', 'completed']);
  });

  describe('twice in one process, in two apps with different paths', () => {
    it('keeps them apart: paths, records, watchers, options', async () => {
      await using one = await monitoredApp({ logger: false, path: '/one', caller: 'never' }).start();
      await using two = await monitoredApp({ logger: false, path: '/two', history: { records: 2 } }).start();
      await using watcherOfOne = await one.watch('/one');
      await using watcherOfTwo = await two.watch('/two');
      await expect(MonitorClient.connect(one.url('/two'))).rejects.toThrow();
      await expect(MonitorClient.connect(two.url('/one'))).rejects.toThrow();
      one.logger.log('from one');
      two.logger.log('from two');
      await watcherOfOne.message('from one');
      await watcherOfTwo.message('from two');
      expect(watcherOfOne.frames.map(({ data }) => [data['message'], data['module']])).toEqual([
        ['from one', undefined],
      ]);
      expect(watcherOfTwo.frames.map(({ data }) => [data['message'], data['module']])).toEqual([
        ['from two', 'module.spec'],
      ]);
      expect(one.stream).not.toBe(two.stream);
    });

    it('lets one go on when the other is closed', async () => {
      const one = await monitoredApp({ logger: false, path: '/one' }).start();
      await using two = await monitoredApp({ logger: false, path: '/two' }).start();
      await using watcher = await two.watch('/two');
      await one.close();
      two.logger.log('still here');
      expect((await watcher.message('still here')).type).toBe('system_log');
    });

    it('gives the second app of the same module definition its own stream', async () => {
      const module = LogStreamModule.forRoot({ logger: false, path: '/same' });
      await using one = await monitoredApp().importing(module).start();
      await using two = await monitoredApp().importing(module).start();
      await using watcher = await two.watch('/same');
      one.logger.log('from one');
      two.logger.log('from two');
      await watcher.message('from two');
      expect(watcher.frames.map(({ data }) => data['message'])).toEqual(['from two']);
    });
  });
});
