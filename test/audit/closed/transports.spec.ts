import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import {
  Controller,
  Injectable,
  UseGuards,
  UseInterceptors,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
  type INestMicroservice,
  type NestInterceptor,
} from '@nestjs/common';
import { Args, GraphQLModule, Mutation, Query, Resolver } from '@nestjs/graphql';
import {
  ClientProxyFactory,
  MessagePattern,
  Payload,
  RpcException,
  Transport,
  type ClientProxy,
} from '@nestjs/microservices';
import { WsAdapter } from '@nestjs/platform-ws';
import { MessageBody, SubscribeMessage, WebSocketGateway, WsException } from '@nestjs/websockets';
import { once } from 'node:events';
import { type AddressInfo, type Server } from 'node:net';
import { lastValueFrom, NEVER, of, retry, Subject, timeout, toArray, type Observable } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { AuditHealth } from '../../../src/audit/deliver/audit-health.js';
import { AuditLogger } from '../../../src/audit/audit-logger.js';
import { Audit } from '../../../src/audit/decorate/audit.decorator.js';
import { AuditInterceptor } from '../../../src/audit/nest/audit.interceptor.js';
import { auditUnavailable } from '../../../src/audit/audit.messages.js';
import { boot } from '../harness/boot.js';
import { DurableSink, refusing } from '../harness/durable-sink.js';
import { onNest12 } from '../../harness/nest-version.js';

const journal: string[] = [];
const feed$ = new Subject<number>();

@Injectable()
class PayloadGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.getArgs().every((arg) => arg !== 'refuse');
  }
}

@Injectable()
class RetryInterceptor implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(retry(2));
  }
}

@Injectable()
class TimeoutInterceptor implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(timeout(5));
  }
}

/** The same handlers for both transports. */
class Handlers {
  attempts = 0;

  async say(text: string): Promise<unknown> {
    journal.push('method');
    return { event: 'said', data: text };
  }

  many(): Observable<unknown> {
    journal.push('method');
    return of({ event: 'many', data: 1 }, { event: 'many', data: 2 });
  }

  feed(): Observable<unknown> {
    return feed$;
  }

  async again(): Promise<unknown> {
    this.attempts += 1;
    if (this.attempts < 3) throw new Error('try again');
    return { event: 'again', data: this.attempts };
  }
}

@WebSocketGateway({ path: '/chat' })
@UseGuards(PayloadGuard)
@Audit({ failure: 'closed' })
class ChatGateway extends Handlers {
  @SubscribeMessage('say')
  @Audit<ChatGateway['say']>('message_sent', { metadata: ({ args: [text] }) => ({ text }) })
  override say(@MessageBody() text: string): Promise<unknown> {
    return super.say(text);
  }

  @SubscribeMessage('many')
  @Audit('message_sent')
  override many(): Observable<unknown> {
    return super.many();
  }

  @SubscribeMessage('feed')
  @Audit('message_sent')
  override feed(): Observable<unknown> {
    return super.feed();
  }

  @SubscribeMessage('fail')
  @Audit('message_sent')
  async fail(): Promise<never> {
    throw new WsException('broken');
  }

  @SubscribeMessage('again')
  @UseInterceptors(RetryInterceptor)
  @Audit('message_sent')
  override again(): Promise<unknown> {
    return super.again();
  }

  @SubscribeMessage('never')
  @UseInterceptors(TimeoutInterceptor)
  @Audit('message_sent')
  never(): Observable<never> {
    return NEVER;
  }
}

@Controller()
@UseGuards(PayloadGuard)
@Audit({ failure: 'closed' })
class ChatController extends Handlers {
  constructor(private readonly audit: AuditLogger) {
    super();
  }

  @MessagePattern('say')
  @Audit<ChatController['say']>('message_sent', { metadata: ({ args: [text] }) => ({ text }) })
  override say(@Payload() text: string): Promise<unknown> {
    return super.say(text);
  }

  @MessagePattern('many')
  @Audit('message_sent')
  override many(): Observable<unknown> {
    return super.many();
  }

  @MessagePattern('fail')
  @Audit('message_sent')
  async fail(): Promise<never> {
    throw new RpcException('broken');
  }

  @MessagePattern('logged')
  async logged(): Promise<string> {
    await this.audit.log('text', { action: 'message_sent' }, { failure: 'closed' });
    return 'logged';
  }
}

/** Tries again from outside of the audit: each attempt has ended, and said so, before the next one. */
@Controller()
@UseInterceptors(RetryInterceptor)
@Audit({ failure: 'closed' })
class OuterController extends Handlers {
  @MessagePattern('again')
  @Audit('message_sent')
  override again(): Promise<unknown> {
    return super.again();
  }
}

@Resolver()
@Audit({ failure: 'closed' })
class ChatResolver {
  @Query(() => String)
  ping(): string {
    return 'pong';
  }

  @Mutation(() => String)
  @Audit<ChatResolver['say']>('message_sent', { metadata: ({ args: [text] }) => ({ text }) })
  async say(@Args('text') text: string): Promise<string> {
    journal.push('method');
    return text;
  }
}

const closing: (() => unknown)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
  journal.length = 0;
});

const providers = [PayloadGuard, RetryInterceptor, TimeoutInterceptor];

async function bootChat() {
  const sink = new DurableSink();
  const { url, app } = await boot({
    providers: [ChatGateway, ...providers],
    sink,
    before: (app: INestApplication) => app.useWebSocketAdapter(new WsAdapter(app)),
  });
  const socket = new WebSocket(`${url.replace('http', 'ws')}/chat`);
  closing.push(() => socket.terminate());
  await once(socket, 'open');
  const received: unknown[] = [];
  socket.on('message', (data) => received.push(JSON.parse(String(data))));
  const ask = async (event: string, data?: unknown): Promise<unknown> => {
    const reply = once(socket, 'message');
    socket.send(JSON.stringify({ event, data }));
    return JSON.parse(String((await reply)[0]));
  };
  const send = (event: string) => socket.send(JSON.stringify({ event }));
  return { sink, ask, send, received, health: app.get(AuditHealth) };
}

async function bootRpc({ isGlobal = false } = {}) {
  const sink = new DurableSink();
  let server: INestMicroservice | undefined;
  await boot({
    controllers: [ChatController, OuterController],
    providers,
    sink,
    before: async (app: INestApplication) => {
      if (isGlobal) app.useGlobalInterceptors(app.get(AuditInterceptor));
      const tcp = { transport: Transport.TCP, options: { host: '127.0.0.1', port: 0 } } as const;
      server = app.connectMicroservice(tcp, { inheritAppConfig: true });
      await app.startAllMicroservices();
    },
  });
  const { port } = (server as INestMicroservice).unwrap<Server>().address() as AddressInfo;
  const client: ClientProxy = ClientProxyFactory.create({
    transport: Transport.TCP,
    options: { host: '127.0.0.1', port },
  });
  closing.push(() => client.close());
  const ask = (pattern: string, data: unknown = ''): Promise<unknown> =>
    lastValueFrom(client.send<unknown>(pattern, data).pipe(toArray())).catch((error: unknown) => error);
  return { sink, ask };
}

async function took(sink: DurableSink) {
  const [intent, outcome] = [sink.takeIntent(), await sink.take()];
  expect(outcome.fields['intent']).toBe(intent.id);
  return { intent, outcome };
}

const REFUSAL = { status: 'error', message: auditUnavailable(), code: 'AUDIT_UNAVAILABLE' };

// Nest 11 answers no exception over plain WebSockets; that they are audited there is tested in test/nest-11.
describe('a closed WebSocket handler', () => {
  it('has one intent and one outcome, and then an answer', async () => {
    const { sink, ask, received } = await bootChat();
    let answer = (): void => undefined;
    sink.store = (kind) =>
      kind === 'intent' ? Promise.resolve() : new Promise((resolve) => (answer = resolve));
    const reply = ask('say', 'hello');
    await expect.poll(() => sink.journal).toEqual(['intent']);
    await expect.poll(() => journal).toEqual(['method']);
    sink.store = async () => undefined;
    // Whatever was sent before this answer has come before it.
    expect(await ask('say', 'other')).toEqual({ event: 'said', data: 'other' });
    expect(received).toEqual([{ event: 'said', data: 'other' }]);
    answer();
    await reply;
    await expect.poll(() => received).toContainEqual({ event: 'said', data: 'hello' });
    const intents = [sink.takeIntent(), sink.takeIntent()];
    const outcomes = [await sink.take(), await sink.take()];
    expect(outcomes.map(({ fields }) => fields['intent']).toSorted()).toEqual(
      intents.map(({ id }) => id).toSorted(),
    );
    expect(intents[0]).toMatchObject({
      metadata: { text: 'hello' },
      fields: { request: { pattern: 'say' } },
    });
  });

  it.runIf(onNest12).each(['say', 'many'])('is refused and not run (%s)', async (event) => {
    const { sink, ask } = await bootChat();
    sink.store = refusing('intent');
    expect(await ask(event, 'hello')).toEqual({ event: 'exception', data: REFUSAL });
    expect(journal).toEqual([]);
    expect((await sink.take()).fields).toMatchObject({ outcome: 'failure', error: { status: 503 } });
  });

  it.runIf(onNest12)(
    'answers as ever when its outcome cannot be stored, and the next is refused',
    async () => {
      const { sink, ask, health } = await bootChat();
      sink.store = refusing('record');
      expect(await ask('say', 'hello')).toEqual({ event: 'said', data: 'hello' });
      expect(health.isUp).toBe(false);
      sink.takeIntent();
      expect(await ask('say', 'hello')).toEqual({ event: 'exception', data: REFUSAL });
      expect(journal).toEqual(['method']);
    },
  );

  it('sends the values of an Observable as they come', async () => {
    const { sink, send, received } = await bootChat();
    send('feed');
    await expect.poll(() => feed$.observed).toBe(true);
    feed$.next(1);
    feed$.next({ event: 'feed', data: 2 } as never);
    await expect.poll(() => received).toContainEqual({ event: 'feed', data: 2 });
    expect(sink.journal).toEqual(['intent']);
    for (const close of closing.splice(0)) close();
    await expect.poll(() => feed$.observed).toBe(false);
    expect((await took(sink)).outcome.fields).toMatchObject({ outcome: 'unknown', reason: 'aborted' });
  });

  it.each<[string, undefined, object]>([
    ...(onNest12
      ? [
          ['fail', undefined, { outcome: 'failure', error: { message: 'broken' } }] as [
            string,
            undefined,
            object,
          ],
        ]
      : []),
    ['many', undefined, { outcome: 'success' }],
    ['again', undefined, { outcome: 'success' }],
    ...(onNest12
      ? [['never', undefined, { outcome: 'failure', reason: 'timeout' }] as [string, undefined, object]]
      : []),
  ])('has one outcome (%s)', async (event, data, fields) => {
    const { sink, ask } = await bootChat();
    await ask(event, data);
    await expect.poll(() => sink.journal).toEqual(['intent', 'record']);
    expect((await took(sink)).outcome.fields).toMatchObject(fields);
  });

  it.runIf(onNest12)('is refused by a guard without an intent', async () => {
    const { sink, ask } = await bootChat();
    expect(await ask('say', 'refuse')).toMatchObject({ data: { message: 'Forbidden resource' } });
    const { fields } = await sink.take();
    expect(fields).toMatchObject({ outcome: 'failure', reason: 'denied' });
    expect(fields).not.toHaveProperty('intent');
  });
});

describe('a closed microservice handler', () => {
  it('has one intent and one outcome', async () => {
    const { sink, ask } = await bootRpc();
    expect(await ask('say', 'hello')).toEqual([{ event: 'said', data: 'hello' }]);
    const { intent, outcome } = await took(sink);
    expect(intent).toMatchObject({ metadata: { text: 'hello' }, fields: { request: { pattern: 'say' } } });
    expect(outcome.fields).toMatchObject({ outcome: 'success' });
    expect(await ask('many')).toHaveLength(2);
    await took(sink);
    expect(await ask('fail')).toEqual({ status: 'error', message: 'broken' });
    expect((await took(sink)).outcome.fields).toMatchObject({
      outcome: 'failure',
      error: { message: 'broken' },
    });
  });

  it.each(['say', 'many'])('is refused and not run (%s)', async (pattern) => {
    const { sink, ask } = await bootRpc();
    sink.store = refusing('intent');
    expect(await ask(pattern)).toEqual(REFUSAL);
    expect(journal).toEqual([]);
    await sink.take();
  });

  it('answers as ever when its outcome cannot be stored, and the next is refused', async () => {
    const { sink, ask } = await bootRpc();
    sink.store = refusing('record');
    expect(await ask('many')).toHaveLength(2);
    sink.takeIntent();
    expect(await ask('say')).toEqual(REFUSAL);
  });

  it('that is tried again from outside has an outcome for each attempt', async () => {
    const { sink, ask } = await bootRpc();
    expect(await ask('again')).toEqual([{ event: 'again', data: 3 }]);
    expect(sink.journal).toEqual(['intent', 'record', 'intent', 'record', 'intent', 'record']);
    const outcomes = [await took(sink), await took(sink), await took(sink)];
    expect(outcomes.map(({ outcome }) => outcome.fields['outcome'])).toEqual([
      'failure',
      'failure',
      'success',
    ]);
  });

  it('is one call where the interceptor is bound globally, outside of everything', async () => {
    const { sink, ask } = await bootRpc({ isGlobal: true });
    expect(await ask('again')).toEqual([{ event: 'again', data: 3 }]);
    expect((await took(sink)).outcome.fields).toMatchObject({ outcome: 'success' });
    sink.store = refusing();
    expect(await ask('logged')).toEqual(REFUSAL);
  });
});

describe('a closed GraphQL resolver', () => {
  async function bootResolver() {
    const sink = new DurableSink();
    const { url } = await boot({
      imports: [GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, autoSchemaFile: true })],
      providers: [ChatResolver],
      sink,
    });
    const ask = async (query: string): Promise<unknown> => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      return response.json();
    };
    return { sink, ask };
  }

  it('has one intent and one outcome, and is refused without', async () => {
    const { sink, ask } = await bootResolver();
    expect(await ask('mutation { say(text: "hello") }')).toEqual({ data: { say: 'hello' } });
    expect((await took(sink)).intent).toMatchObject({
      metadata: { text: 'hello' },
      fields: { request: { field: 'say' } },
    });
    sink.store = refusing('intent');
    journal.length = 0;
    expect(await ask('mutation { say(text: "hello") }')).toMatchObject({
      errors: [
        {
          message: auditUnavailable(),
          extensions: { status: 503, originalError: { code: 'AUDIT_UNAVAILABLE' } },
        },
      ],
    });
    expect(journal).toEqual([]);
    await sink.take();
  });
});
