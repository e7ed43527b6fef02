import { type INestApplication, type ModuleMetadata, type Type, type WebSocketAdapter } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import {
  LogStream,
  LogStreamLogger,
  LogStreamModule,
  type LogStreamOptions,
  MonitorGateway,
  setupLogStreaming,
} from 'nestjs-log-stream';
import { type Server } from 'node:http';
import { StartUpNotice } from '../../src/start-up-notice.js';
import { type AddressInfo } from 'node:net';
import { type ClientOptions, type WebSocket } from 'ws';
import { ExtendedClient } from './extended-client.js';
import { MonitorClient } from './monitor-client.js';
import { RawClient } from './raw-client.js';
import { StreamClient } from './stream-client.js';

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
  private fastify: object | undefined;
  private port = 0;
  private host = '127.0.0.1';
  private adapter: Adapter | undefined;
  private setup = true;
  private late: Adapter | undefined;
  private prepare: (app: INestApplication) => unknown = () => {};
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

  /** @param options of Fastify, as `{ http2: true }` */
  onFastify(options: object = {}): this {
    this.fastify = options;
    return this;
  }

  /** Listens there, and not on 127.0.0.1. */
  onHost(host: string): this {
    this.host = host;
    return this;
  }

  /** Listens where an app has listened before, as after a restart. */
  onPort(port: number): this {
    this.port = port;
    return this;
  }

  webSocketAdapter(adapter: Adapter): this {
    this.adapter = adapter;
    return this;
  }

  /** Sets this adapter after `setupLogStreaming`. */
  webSocketAdapterAfterSetup(adapter: Adapter): this {
    this.late = adapter;
    return this;
  }

  /** Does something with the app before it starts. */
  beforeInit(prepare: (app: INestApplication) => unknown): this {
    this.prepare = prepare;
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
    })
      // Its lines are records like others: tests count their own. `start-up.spec.ts` has what it says.
      .overrideProvider(StartUpNotice)
      .useValue({})
      .compile();
    const app = this.fastify
      ? testing.createNestApplication<INestApplication>(new FastifyAdapter(this.fastify))
      : testing.createNestApplication();
    if (this.adapter) app.useWebSocketAdapter(this.adapter(app));
    try {
      if (this.setup) setupLogStreaming(app);
      if (this.late) app.useWebSocketAdapter(this.late(app));
      await this.prepare(app);
      await app.listen(this.port, this.host);
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

  get gateway(): MonitorGateway {
    return this.app.get(MonitorGateway);
  }

  get httpServer(): Server {
    return this.app.getHttpServer() as Server;
  }

  get port(): number {
    return (this.httpServer.address() as AddressInfo).port;
  }

  /** The server's own ends of the connections, in the order of their connects; of WebSockets. */
  get peers(): WebSocket[] {
    const { sessions } = this.gateway as unknown as { sessions: { sessions: Map<WebSocket, unknown> } };
    return [...sessions.sessions.keys()];
  }

  get<T>(token: Type<T>): T {
    return this.app.get(token);
  }

  url(path = '/ws/monitor'): string {
    return `ws://127.0.0.1:${this.port}${path}`;
  }

  /** A connected plain client. */
  watch(path?: string, options?: ClientOptions): Promise<MonitorClient> {
    return MonitorClient.connect(this.url(path), options);
  }

  /** A connected extended client, greeted. @param query what else its URL asks for */
  watchExtended(query = '', options?: ClientOptions): Promise<ExtendedClient> {
    return ExtendedClient.connect(this.url(`/ws/monitor?v=1${query && '&'}${query}`), options);
  }

  /** The HTTP status with which a client is refused. */
  refusal(options?: ClientOptions, path?: string): Promise<number> {
    return MonitorClient.refusal(this.url(path), options);
  }

  /** A client of the stream over HTTP, once it was answered. @param query what its URL asks for */
  read(query = '', headers?: Record<string, string>, path = '/monitor/stream'): Promise<StreamClient> {
    return StreamClient.connect(`http://127.0.0.1:${this.port}${path}${query && '?'}${query}`, headers);
  }

  /** A connected client that can stop reading and break the protocol. */
  watchRaw(path?: string, headers?: Record<string, string>): Promise<RawClient> {
    return RawClient.connect(this.port, path, headers);
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
