import { Injectable, UseGuards, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import { MessageBody, SubscribeMessage, WebSocketGateway, WsException } from '@nestjs/websockets';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Audit } from '../../src/audit/decorate/audit.decorator.js';
import { boot } from '../audit/harness/boot.js';
import { DurableSink, refusing } from '../audit/harness/durable-sink.js';
import { onNest12 } from '../harness/nest-version.js';

@Injectable()
class Guard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToWs().getData() !== 'refuse';
  }
}

@WebSocketGateway({ path: '/chat' })
@UseGuards(Guard)
class ChatGateway {
  @Audit('message_sent')
  @SubscribeMessage('say')
  say(@MessageBody() text: string): { event: string; data: string } {
    if (text === 'fail') throw new WsException('broken');
    return { event: 'said', data: text };
  }

  @Audit('message_sent', { failure: 'closed' })
  @SubscribeMessage('closed')
  async closed(@MessageBody() text: string): Promise<{ event: string; data: string }> {
    return { event: 'said', data: text };
  }
}

// Nest 11 sends no answer for an exception over plain WebSockets; what the record says is the same.
describe.skipIf(onNest12)(
  'an audited WebSocket handler on Nest 11 (on Nest 12: see `npm run test:nest11`)',
  () => {
    it('is recorded however it ends: refused, failed, not run for want of a trail, or well', async () => {
      const sink = new DurableSink();
      const { url } = await boot({
        providers: [ChatGateway, Guard],
        sink,
        before: (app) => app.useWebSocketAdapter(new WsAdapter(app)),
      });
      const socket = new WebSocket(`${url.replace('http', 'ws')}/chat`);
      try {
        await once(socket, 'open');
        const send = (event: string, data: string): void => socket.send(JSON.stringify({ event, data }));
        send('say', 'refuse');
        expect((await sink.take()).fields).toMatchObject({ outcome: 'failure', reason: 'denied' });
        send('say', 'fail');
        expect((await sink.take()).fields).toMatchObject({
          outcome: 'failure',
          error: { message: 'broken' },
        });
        send('say', 'hello');
        expect((await sink.take()).fields).toMatchObject({ outcome: 'success' });
        sink.store = refusing('intent');
        send('closed', 'hello');
        expect((await sink.take()).fields).toMatchObject({ outcome: 'failure', error: { status: 503 } });
      } finally {
        socket.terminate();
      }
    });
  },
);
