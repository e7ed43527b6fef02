import { type INestApplication, type ModuleMetadata, type Type, type WebSocketAdapter } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import {
  LogStream,
  LogStreamLogger,
  LogStreamModule,
  type LogStreamOptions,
  setupLogStreaming,
} from 'nestjs-log-stream';
import { type AddressInfo } from 'node:net';
import { MonitorClient } from './monitor-client.js';

type Adapter = (app: INestApplication) => WebSocketAdapter;

/**
 * Boots a real app on port 0.
 *
 *     await using app = await monitoredApp({ logger: false }).with({ controllers: [Orders] }).start();
 *     await using client = await app.watch();
 */
export function monitoredApp(options: LogStreamOptions = { logger: false }): MonitoredAppBuilder {
  return new MonitoredAppBuilder(options);
}

class MonitoredAppBuilder {
  private metadata: ModuleMetadata = {};
  private fastify = false;
  private adapter: Adapter | undefined;
  private setup = true;
  private module: ModuleMetadata['imports'];

  constructor(private readonly options: LogStreamOptions) {}

  with(metadata: ModuleMetadata): this {
    this.metadata = { ...this.metadata, ...metadata };
    return this;
  }

  /** Uses this module in place of `LogStreamModule.forRoot(options)`. */
  importing(...module: NonNullable<ModuleMetadata['imports']>): this {
    this.module = module;
    return this;
  }

  onFastify(): this {
    this.fastify = true;
    return this;
  }

  webSocketAdapter(adapter: Adapter): this {
    this.adapter = adapter;
    return this;
  }

  withoutSetup(): this {
    this.setup = false;
    return this;
  }

  async start(): Promise<MonitoredApp> {
    const testing = await Test.createTestingModule({
      ...this.metadata,
      imports: [
        ...(this.module ?? [LogStreamModule.forRoot(this.options)]),
        ...(this.metadata.imports ?? []),
      ],
    }).compile();
    const app = this.fastify
      ? testing.createNestApplication<INestApplication>(new FastifyAdapter())
      : testing.createNestApplication();
    if (this.adapter) app.useWebSocketAdapter(this.adapter(app));
    try {
      if (this.setup) setupLogStreaming(app);
      await app.listen(0, '127.0.0.1');
    } catch (error) {
      await app.close();
      throw error;
    }
    return new MonitoredApp(app);
  }
}

export class MonitoredApp implements AsyncDisposable {
  constructor(readonly app: INestApplication) {}

  get logger(): LogStreamLogger {
    return this.app.get(LogStreamLogger);
  }

  get stream(): LogStream {
    return this.app.get(LogStream);
  }

  get port(): number {
    return (this.app.getHttpServer().address() as AddressInfo).port;
  }

  get<T>(token: Type<T>): T {
    return this.app.get(token);
  }

  url(path = '/ws/monitor'): string {
    return `ws://127.0.0.1:${this.port}${path}`;
  }

  /** A connected plain client. */
  watch(path?: string): Promise<MonitorClient> {
    return MonitorClient.connect(this.url(path));
  }

  request(path: string, init?: RequestInit): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.port}${path}`, init);
  }

  async close(): Promise<void> {
    await this.app.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
