import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import {
  Controller,
  Injectable,
  Logger,
  UseGuards,
  type CanActivate,
  type INestApplication,
} from '@nestjs/common';
import { GraphQLModule, Query, Resolver } from '@nestjs/graphql';
import {
  ClientProxyFactory,
  MessagePattern,
  Transport,
  type MicroserviceOptions,
} from '@nestjs/microservices';
import { WsAdapter } from '@nestjs/platform-ws';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { type AddressInfo, type Server } from 'node:net';
import { Audit, type LogRecord } from 'nestjs-log-stream';
import { firstValueFrom, from, map, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { monitoredApp, type MonitoredApp } from '../harness/monitored-app.js';

const logger = new Logger('moves');

@Injectable()
class LoggingGuard implements CanActivate {
  canActivate(): boolean {
    logger.log('in a guard');
    return true;
  }
}

@Controller()
@UseGuards(LoggingGuard)
class MovesController {
  @MessagePattern('move')
  @Audit('state_change')
  async move(): Promise<string> {
    logger.log('begins');
    await new Promise((resolve) => setImmediate(resolve));
    logger.log('ends');
    return 'moved';
  }

  @MessagePattern('many')
  many(): Observable<number> {
    logger.log('begins');
    return from([1, 2]).pipe(
      map((value) => {
        logger.log('ends');
        return value;
      }),
    );
  }
}

@WebSocketGateway({ path: '/moves' })
class MovesGateway {
  @SubscribeMessage('move')
  async move(): Promise<string> {
    logger.log('begins');
    await new Promise((resolve) => setImmediate(resolve));
    logger.log('ends');
    return 'moved';
  }
}

@Resolver()
class MovesResolver {
  @Query(() => String)
  async move(): Promise<string> {
    logger.log('begins');
    await new Promise((resolve) => setImmediate(resolve));
    logger.log('ends');
    return 'moved';
  }
}

const storiesOf = ({ stream }: MonitoredApp, message: string): (string | undefined)[] =>
  ([...stream.history] as LogRecord[])
    .filter((record) => record.message === message)
    .map(({ story }) => story?.request_id);

/** Each run of a handler is a story of its own, and all that it logs is in that. */
function expectStories(app: MonitoredApp, runs: number): void {
  const begun = storiesOf(app, 'begins');
  expect(begun).toHaveLength(runs);
  expect(begun).not.toContain(undefined);
  expect(new Set(begun).size).toBe(runs);
  expect(new Set(storiesOf(app, 'ends'))).toEqual(new Set(begun));
}

describe('a message', () => {
  it.each([false, true])('of a microservice is a story (inheritAppConfig: %s)', async (inheritAppConfig) => {
    let port = 0;
    const app = await monitoredApp({ logger: false, story: true })
      .with({ controllers: [MovesController], providers: [LoggingGuard] })
      .beforeInit(async (nest: INestApplication) => {
        const options = { transport: Transport.TCP, options: { host: '127.0.0.1', port: 0 } } as const;
        const server = nest.connectMicroservice<MicroserviceOptions>(options, { inheritAppConfig });
        await nest.startAllMicroservices();
        port = (server.unwrap<Server>().address() as AddressInfo).port;
      })
      .start();
    await using _app = app;
    const client = ClientProxyFactory.create({
      transport: Transport.TCP,
      options: { host: '127.0.0.1', port },
    });
    expect(await firstValueFrom(client.send('move', ''))).toBe('moved');
    expect(await firstValueFrom(client.send('move', ''))).toBe('moved');
    await firstValueFrom(client.send('many', ''));
    await client.close();
    expectStories(app, 3);
    const [first, second] = storiesOf(app, 'begins');
    expect(storiesOf(app, 'state_change succeeded')).toEqual([first, second]);
    // What guards of messages log lies outside: nothing of ours can be around them.
    expect(new Set(storiesOf(app, 'in a guard'))).toEqual(new Set([undefined]));
  });

  it('of a WebSocket is a story', async () => {
    const app = await monitoredApp({ logger: false, story: true })
      .with({ providers: [MovesGateway] })
      .webSocketAdapter((nest) => new WsAdapter(nest))
      .start();
    await using _app = app;
    const socket = new WebSocket(app.url('/moves'));
    await new Promise((resolve) => socket.once('open', resolve));
    for (const _ of [1, 2]) {
      const answered = new Promise((resolve) => socket.once('message', resolve));
      socket.send(JSON.stringify({ event: 'move', data: '' }));
      await answered;
    }
    socket.close();
    expectStories(app, 2);
  });

  it('of GraphQL is part of the story of its request', async () => {
    const app = await monitoredApp({ logger: false, story: true })
      .with({
        imports: [GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, autoSchemaFile: true })],
        providers: [MovesResolver],
      })
      .start();
    await using _app = app;
    for (const name of ['a', 'b']) {
      await fetch(`http://127.0.0.1:${app.port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-request-id': name },
        body: JSON.stringify({ query: '{ move }' }),
      });
    }
    expectStories(app, 2);
    const named = [...app.stream.history].filter(({ message }) => message === 'begins');
    expect(named.map(({ story }) => story?.client_request_id)).toEqual(['a', 'b']);
  });
});
