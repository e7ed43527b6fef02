import {
  Catch,
  ForbiddenException,
  Injectable,
  ParseIntPipe,
  UseFilters,
  UseGuards,
  UseInterceptors,
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
  type INestApplication,
  type NestInterceptor,
} from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { WsAdapter } from '@nestjs/platform-ws';
import { MessageBody, SubscribeMessage, WebSocketGateway, WsException } from '@nestjs/websockets';
import { once } from 'node:events';
import { NEVER, of, timeout, type Observable } from 'rxjs';
import { io } from 'socket.io-client';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Audit } from '../../src/audit/decorate/audit.decorator.js';
import { boot } from './harness/boot.js';
import { onNest12 } from '../harness/nest-version.js';

@Injectable()
class DataGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    await new Promise((resolve) => setImmediate(resolve));
    Object.assign(context.switchToWs().getClient<object>(), { user: { id: 'ada' } });
    const data: unknown = context.switchToWs().getData();
    if (data === 'crash') throw new ForbiddenException('not this');
    return data !== 'refuse';
  }
}

@Catch()
class OwnFilter implements ExceptionFilter {
  catch(error: { message: string }, host: ArgumentsHost): void {
    const client = host.switchToWs().getClient<{ send(text: string): void }>();
    client.send(JSON.stringify({ event: 'own', data: error.message }));
  }
}

@Injectable()
class TimeoutInterceptor implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(timeout(5));
  }
}

@WebSocketGateway({ path: '/chat' })
@UseGuards(DataGuard)
@UseInterceptors(TimeoutInterceptor)
class ChatGateway {
  @Audit<ChatGateway['say']>('message_sent', { metadata: ({ args: [text], result }) => ({ text, result }) })
  @SubscribeMessage('say')
  say(@MessageBody() text: string): { event: string; data: string } {
    return { event: 'said', data: text };
  }

  @SubscribeMessage('number')
  @Audit('message_sent')
  number(@MessageBody(ParseIntPipe) value: number): { event: string; data: number } {
    return { event: 'number', data: value };
  }

  @SubscribeMessage('many')
  @Audit('message_sent')
  many(): Observable<{ event: string; data: number }> {
    return of({ event: 'many', data: 1 }, { event: 'many', data: 2 });
  }

  @SubscribeMessage('fail')
  @Audit('message_sent')
  async fail(): Promise<void> {
    throw new WsException('broken');
  }

  @SubscribeMessage('never')
  @Audit('message_sent')
  never(): Observable<never> {
    return NEVER;
  }

  @UseFilters(OwnFilter)
  @SubscribeMessage('filtered')
  @Audit('message_sent')
  filtered(): void {
    throw new Error('for the filter');
  }
}

const sockets: WebSocket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.terminate();
});

async function connect(url: string) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/chat`);
  sockets.push(socket);
  await once(socket, 'open');
  return {
    ask: async (event: string, data?: unknown): Promise<unknown> => {
      const reply = once(socket, 'message');
      socket.send(JSON.stringify({ event, data }));
      return JSON.parse(String((await reply)[0]));
    },
    send: (event: string, data?: unknown) => socket.send(JSON.stringify({ event, data })),
  };
}

const bootChat = () =>
  boot({
    providers: [ChatGateway, DataGuard, TimeoutInterceptor],
    before: (app: INestApplication) => app.useWebSocketAdapter(new WsAdapter(app)),
  });

// Nest 11 answers no exception over plain WebSockets; that they are audited there is tested in test/nest-11.
describe('an audited WebSocket handler', () => {
  it('is recorded once, with actor and event', async () => {
    const { url, sink } = await bootChat();
    const chat = await connect(url);
    expect(await chat.ask('say', 'hello')).toEqual({ event: 'said', data: 'hello' });
    const event = await sink.take();
    expect(event.logger).toBe('audit.ChatGateway');
    expect(event.metadata).toEqual({ text: 'hello', result: { event: 'said', data: 'hello' } });
    expect(event.fields).toEqual({
      outcome: 'success',
      duration_ms: expect.any(Number),
      actor: { id: 'ada' },
      request: { pattern: 'say' },
    });
  });

  it.runIf(onNest12)('is refused by a guard', async () => {
    const { url, sink } = await bootChat();
    const chat = await connect(url);
    expect(await chat.ask('say', 'refuse')).toMatchObject({ data: { message: 'Forbidden resource' } });
    expect((await sink.take()).fields).toMatchObject({
      outcome: 'failure',
      reason: 'denied',
      error: { message: 'Forbidden resource' },
      actor: { id: 'ada' },
      request: { pattern: 'say' },
    });
    expect(await chat.ask('say', 'crash')).toMatchObject({ data: { status: 'error' } });
    expect((await sink.take()).fields).toMatchObject({
      reason: 'denied',
      error: { message: 'not this', status: 403 },
    });
  });

  it('keeps messages of one socket apart that come at once', async () => {
    const { url, sink } = await bootChat();
    const chat = await connect(url);
    const texts = ['refuse', 'one', 'refuse', 'two', 'crash'];
    for (const text of texts) chat.send('say', text);
    const events = await Promise.all(texts.map(() => sink.take()));
    expect(events.map(({ fields }) => fields['reason'] ?? 'ok').toSorted()).toEqual([
      'denied',
      'denied',
      'denied',
      'ok',
      'ok',
    ]);
    expect(events.flatMap(({ metadata }) => metadata['text'] ?? []).toSorted()).toEqual(['one', 'two']);
  });

  it.runIf(onNest12)('is refused by a pipe', async () => {
    const { url, sink } = await bootChat();
    const chat = await connect(url);
    expect(await chat.ask('number', 'twelve')).toMatchObject({ data: { status: 'error' } });
    expect((await sink.take()).fields).toMatchObject({ outcome: 'failure', reason: 'validation' });
  });

  it.runIf(onNest12)('has failed when it throws', async () => {
    const { url, sink } = await bootChat();
    const chat = await connect(url);
    expect(await chat.ask('fail')).toMatchObject({ data: { message: 'broken' } });
    expect((await sink.take()).fields).toMatchObject({
      outcome: 'failure',
      reason: 'error',
      error: { name: 'WsException', message: 'broken' },
    });
  });

  it('makes one record of an Observable', async () => {
    const { url, sink } = await bootChat();
    const chat = await connect(url);
    await chat.ask('many');
    expect((await sink.take()).fields).toMatchObject({ outcome: 'success' });
  });

  it.runIf(onNest12)('has timed out when an interceptor says so', async () => {
    const { url, sink } = await bootChat();
    const chat = await connect(url);
    await chat.ask('never');
    expect((await sink.take()).fields).toMatchObject({ outcome: 'failure', reason: 'timeout' });
  });

  it("leaves errors and refusals to the app's own filters", async () => {
    const { url, sink } = await bootChat();
    const chat = await connect(url);
    expect(await chat.ask('filtered')).toEqual({ event: 'own', data: 'for the filter' });
    expect((await sink.take()).fields).toMatchObject({ reason: 'error' });
    expect(await chat.ask('filtered', 'refuse')).toEqual({ event: 'own', data: 'Forbidden resource' });
    expect((await sink.take()).fields).toMatchObject({ reason: 'denied' });
  });

  it('is recorded the same way behind socket.io', async () => {
    @WebSocketGateway()
    @UseGuards(DataGuard)
    class IoGateway {
      @SubscribeMessage('say')
      @Audit<IoGateway['say']>('message_sent', { metadata: ({ args: [text] }) => ({ text }) })
      say(@MessageBody() text: string): string {
        return text;
      }
    }
    const { url, sink } = await boot({
      providers: [IoGateway, DataGuard],
      before: (app: INestApplication) => app.useWebSocketAdapter(new IoAdapter(app)),
    });
    const client = io(url, { transports: ['websocket'] });
    try {
      expect(await client.emitWithAck('say', 'hello')).toBe('hello');
      expect(await sink.take()).toMatchObject({
        metadata: { text: 'hello' },
        fields: { outcome: 'success' },
      });
      const refused = new Promise((resolve) => client.once('exception', resolve));
      client.emit('say', 'refuse');
      expect(await refused).toMatchObject({ message: 'Forbidden resource' });
      expect((await sink.take()).fields).toMatchObject({ reason: 'denied', actor: { id: 'ada' } });
    } finally {
      client.disconnect();
    }
  });
});
