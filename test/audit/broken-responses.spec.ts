import {
  Controller,
  Get,
  Injectable,
  Res,
  Sse,
  StreamableFile,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
  type MessageEvent,
} from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type AbstractHttpAdapter } from '@nestjs/core';
import { EventEmitter, once } from 'node:events';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { concat, NEVER, of, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { Audit } from '../../src/audit/decorate/audit.decorator.js';
import { exchange, type HttpVersion } from '../harness/exchange.js';
import { selfSigned } from '../harness/self-signed.js';
import { boot } from './harness/boot.js';

/** More than any buffer between a handler and its client holds. */
const LARGE = 64 * 1024 * 1024;

const signals = new EventEmitter();

interface Raw extends NodeJS.WritableStream {
  destroy(error?: Error): void;
}
interface Reply {
  readonly raw?: Raw;
}

/** Passes everybody, after a turn of the event loop. */
@Injectable()
class LateGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    await new Promise((resolve) => setImmediate(resolve));
    return (
      context.switchToHttp().getRequest<{ headers: Record<string, string> }>().headers['x-refuse'] ===
      undefined
    );
  }
}

const rawOf = (response: Reply): Raw => response.raw ?? (response as unknown as Raw);

function breaking(): Readable {
  let chunks = 0;
  return new Readable({
    read() {
      chunks += 1;
      if (chunks <= 3) this.push(Buffer.alloc(50_000, 'x'));
      else this.destroy(new Error('the disk is gone'));
    },
  });
}

/** Middleware that goes on when the client has left, as one that asks something slow. */
function untilLeft(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  if (request.headers['x-wait'] === undefined) return next();
  signals.emit('waiting');
  response.once('close', () => setImmediate(next));
}

@Controller('files')
@UseGuards(LateGuard)
class FilesController {
  @Get('whole')
  @Audit('state_change')
  whole(): StreamableFile {
    return new StreamableFile(Buffer.alloc(200_000, 'x'));
  }

  @Get('small')
  @Audit('state_change')
  small(): object {
    return { small: true };
  }

  @Get('large')
  @Audit('state_change')
  large(): StreamableFile {
    return new StreamableFile(Buffer.alloc(LARGE, 'x'));
  }

  @Get('breaking')
  @Audit('state_change')
  breaking(): StreamableFile {
    return new StreamableFile(breaking());
  }

  @Get('piped')
  @Audit('state_change')
  async piped(@Res() response: Reply): Promise<void> {
    await pipeline(breaking(), rawOf(response)).catch(() => undefined);
  }

  @Get('destroyed')
  @Audit('state_change')
  destroyed(@Res() response: Reply): void {
    setImmediate(() => rawOf(response).destroy());
  }

  @Get('slow')
  @Audit('state_change')
  slow(): Promise<string> {
    signals.emit('slow');
    return new Promise(() => undefined);
  }

  @Sse('events')
  @Audit('message_sent')
  events(): Observable<MessageEvent> {
    return concat(of({ data: 'first' }), NEVER);
  }
}

const identity = selfSigned();
const TRANSPORTS: [string, HttpVersion, () => AbstractHttpAdapter][] = [
  ['Express, HTTP/1', 1, () => new ExpressAdapter()],
  ['Fastify, HTTP/1', 1, () => new FastifyAdapter()],
  ['Fastify, HTTP/2 without TLS', 2, () => new FastifyAdapter({ http2: true })],
  [
    'Fastify with allowHTTP1, HTTP/2',
    2,
    () => new FastifyAdapter({ http2: true, https: { ...identity, allowHTTP1: true } }),
  ],
  [
    'Fastify with allowHTTP1, HTTP/1',
    1,
    () => new FastifyAdapter({ http2: true, https: { ...identity, allowHTTP1: true } }),
  ],
];

describe.each(TRANSPORTS)('the response of an audited handler (%s)', (_, version, adapter) => {
  const bootFiles = async () => {
    const booted = await boot({
      controllers: [FilesController],
      providers: [LateGuard],
      adapter: adapter(),
      before: (app: INestApplication) => app.use(untilLeft),
    });
    return {
      ...booted,
      ask: (path: string, headers = {}) => exchange(version, `${booted.url}/files/${path}`, { headers }),
    };
  };

  it.each(['whole', 'small'])('is a success when all of it was sent (%s)', async (path) => {
    const { ask, sink } = await bootFiles();
    const answer = ask(path);
    expect(await answer.status).toBe(200);
    await answer.body;
    expect((await sink.take()).fields).toMatchObject({
      outcome: 'success',
      request: { method: 'GET', route: `/files/${path}`, ip: '127.0.0.1' },
    });
  });

  it('is unknown when the client cancels it half way', async () => {
    const { ask, sink } = await bootFiles();
    const answer = ask('large');
    await answer.begun;
    answer.cancel();
    const { fields } = await sink.take();
    expect(fields).toMatchObject({ outcome: 'unknown', reason: 'aborted', request: { ip: '127.0.0.1' } });
    expect(fields).not.toHaveProperty('error');
  });

  it('is unknown when the client leaves before it begins', async () => {
    const { ask, sink } = await bootFiles();
    const reached = once(signals, 'slow');
    const answer = ask('slow');
    await reached;
    answer.cancel();
    expect((await sink.take()).fields).toMatchObject({
      outcome: 'unknown',
      reason: 'aborted',
      request: { route: '/files/slow', ip: '127.0.0.1' },
    });
  });

  it('is unknown when the client leaves an event stream', async () => {
    const { ask, sink } = await bootFiles();
    const answer = ask('events');
    await answer.begun;
    expect((await sink.take()).fields).toMatchObject({ phase: 'start', request: { ip: '127.0.0.1' } });
    answer.cancel();
    expect((await sink.take()).fields).toMatchObject({
      phase: 'end',
      outcome: 'unknown',
      reason: 'aborted',
      request: { ip: '127.0.0.1' },
    });
  });

  it.each(['breaking', 'piped'])('has failed when its source breaks (%s)', async (path) => {
    const { ask, sink } = await bootFiles();
    await ask(path).body.catch(() => undefined);
    const event = await sink.take();
    expect(event.level).toBe('error');
    expect(event.fields).toMatchObject({
      outcome: 'failure',
      reason: 'error',
      error: { name: 'Error', message: 'the disk is gone' },
      request: { ip: '127.0.0.1' },
    });
  });

  it('has failed when it is destroyed without an answer', async () => {
    const { ask, sink } = await bootFiles();
    await ask('destroyed').body.catch(() => undefined);
    expect((await sink.take()).fields).toMatchObject({
      outcome: 'failure',
      reason: 'error',
      error: { name: 'ResponseDestroyed' },
      request: { ip: '127.0.0.1' },
    });
  });

  it('names the client that has left before the guards were asked', async () => {
    const { ask, sink } = await bootFiles();
    const answer = ask('small', { 'x-wait': '1' });
    await once(signals, 'waiting');
    answer.cancel();
    expect((await sink.take()).fields).toMatchObject({ request: { route: '/files/small', ip: '127.0.0.1' } });
    const refused = ask('small', { 'x-wait': '1', 'x-refuse': '1' });
    await once(signals, 'waiting');
    refused.cancel();
    expect((await sink.take()).fields).toMatchObject({ reason: 'denied', request: { ip: '127.0.0.1' } });
  });

  it('is a refusal when a guard refuses', async () => {
    const { ask, sink } = await bootFiles();
    expect(await ask('small', { 'x-refuse': '1' }).status).toBe(403);
    expect((await sink.take()).fields).toMatchObject({ reason: 'denied', request: { ip: '127.0.0.1' } });
  });
});
