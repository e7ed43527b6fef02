import {
  Catch,
  Controller,
  Get,
  HttpCode,
  Injectable,
  NotFoundException,
  Param,
  ParseIntPipe,
  RequestTimeoutException,
  Res,
  Sse,
  UseFilters,
  UseGuards,
  UseInterceptors,
  type CallHandler,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
  type MessageEvent,
  type NestInterceptor,
} from '@nestjs/common';
import { type AbstractHttpAdapter } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { EventEmitter, once } from 'node:events';
import { get, request, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { catchError, concat, NEVER, of, retry, timeout, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { AuditHealth } from '../../../src/audit/deliver/audit-health.js';
import { Audit } from '../../../src/audit/decorate/audit.decorator.js';
import { auditUnavailable } from '../../../src/audit/audit.messages.js';
import { boot } from '../harness/boot.js';
import { DurableSink, refusing, silentOn } from '../harness/durable-sink.js';
import { onNest12 } from '../../harness/nest-version.js';

const ADAPTERS: [string, () => AbstractHttpAdapter][] = [
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
];

interface Reply {
  readonly raw?: ServerResponse;
  status(code: number): this;
  send(body: string): unknown;
}

const rawOf = (reply: Reply): ServerResponse => reply.raw ?? (reply as unknown as ServerResponse);

@Injectable()
class HeaderGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return !context.switchToHttp().getRequest<{ headers: object }>().headers['x-refuse' as never];
  }
}

@Injectable()
class TimeoutInterceptor implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      timeout(5),
      catchError(() => {
        throw new RequestTimeoutException();
      }),
    );
  }
}

@Injectable()
class RetryInterceptor implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(retry(2));
  }
}

@Catch()
class TeapotFilter implements ExceptionFilter {
  catch(_: unknown, host: ExecutionContext): void {
    host.switchToHttp().getResponse<Reply>().status(418).send('caught');
  }
}

const journal: string[] = [];
const signals = new EventEmitter();

@Controller('keys')
@UseGuards(HeaderGuard)
@Audit({ failure: 'closed' })
class KeysController {
  attempts = 0;

  @Get('one/:id')
  @HttpCode(202)
  @Audit<KeysController['find']>('state_change', { metadata: ({ args: [id], result }) => ({ id, result }) })
  async find(@Param('id', ParseIntPipe) id: number): Promise<object> {
    journal.push('method');
    return { id };
  }

  @Get('sync')
  @Audit('state_change')
  sync(): string {
    journal.push('method');
    return 'at once';
  }

  @Get('unaudited')
  unaudited(): string {
    return 'unaudited';
  }

  @Get('fail')
  @Audit('state_change')
  async fail(): Promise<void> {
    throw new NotFoundException('no such key');
  }

  @Get('filtered')
  @UseFilters(TeapotFilter)
  @Audit('state_change')
  async filtered(): Promise<void> {
    throw new Error('for the filter');
  }

  @Get('values')
  @Audit('state_change')
  values(): Observable<number> {
    journal.push('method');
    return of(1, 2, 3);
  }

  @Get('own/:status')
  @Audit('state_change')
  async own(@Res() response: Reply, @Param('status', ParseIntPipe) status: number): Promise<void> {
    journal.push('method');
    response.status(status).send('own');
  }

  @Get('raw')
  @Audit('state_change')
  async raw(@Res() response: Reply): Promise<void> {
    const raw = rawOf(response);
    raw.setHeader('x-own', '1');
    raw.end('dätä');
  }

  @Get('own-then-fail')
  @Audit('state_change')
  async ownThenFail(@Res() response: Reply): Promise<void> {
    rawOf(response).end('sent');
    throw new Error('too late');
  }

  @Get('pipe')
  @Audit('state_change')
  async pipe(@Res() response: Reply): Promise<void> {
    await pipeline(Readable.from(['one ', 'two']), rawOf(response));
  }

  @Get('lines')
  @Audit('state_change')
  async *lines(): AsyncGenerator<string, void> {
    yield 'one ';
    yield 'two';
  }

  @Get('slow')
  @Audit('state_change')
  slow(): Promise<string> {
    signals.emit('slow');
    return new Promise(() => undefined);
  }

  @Get('timeout')
  @UseInterceptors(TimeoutInterceptor)
  @Audit('timeout')
  late(): Promise<string> {
    return new Promise(() => undefined);
  }

  @Get('retry')
  @UseInterceptors(RetryInterceptor)
  @Audit('state_change')
  async retried(): Promise<number> {
    journal.push('method');
    this.attempts += 1;
    if (this.attempts < 3) throw new Error('try again');
    return this.attempts;
  }

  @Sse('events')
  @Audit('message_sent')
  events(): Observable<MessageEvent> {
    journal.push('method');
    return of({ data: 'one' }, { data: 'two' });
  }

  @Sse('endless')
  @Audit('message_sent')
  endless(): Observable<MessageEvent> {
    return concat(of({ data: 'first' }), NEVER);
  }
}

@Controller('outer')
@UseInterceptors(RetryInterceptor)
@Audit({ failure: 'closed' })
class OuterController {
  attempts = 0;

  @Get('retry')
  @Audit('state_change')
  async retried(): Promise<number> {
    this.attempts += 1;
    if (this.attempts < 3) throw new Error('try again');
    return this.attempts;
  }
}

const UNAVAILABLE = {
  statusCode: 503,
  error: 'Service Unavailable',
  message: auditUnavailable(),
  code: 'AUDIT_UNAVAILABLE',
};

describe.each(ADAPTERS)('a closed handler on %s', (platform, adapter) => {
  async function bootKeys() {
    const sink = new DurableSink();
    const { url, app } = await boot({
      controllers: [KeysController, OuterController],
      providers: [HeaderGuard, TimeoutInterceptor, RetryInterceptor],
      adapter: adapter(),
      sink,
    });
    journal.length = 0;
    const read = async (path: string, init?: RequestInit) => {
      const response = await fetch(`${url}/${path}`, init);
      return { status: response.status, headers: response.headers, text: await response.text() };
    };
    /** The one intent and the one outcome of a call. */
    const took = async () => {
      const [intent, outcome] = [sink.takeIntent(), await sink.take()];
      expect(outcome.fields['intent']).toBe(intent.id);
      return { intent, outcome };
    };
    return { sink, url, app, read, took, health: app.get(AuditHealth) };
  }

  it('has one intent and one outcome', async () => {
    const { read, took } = await bootKeys();
    expect(await read('keys/one/7')).toMatchObject({ status: 202, text: '{"id":7}' });
    const { intent, outcome } = await took();
    expect(intent).toMatchObject({
      logger: 'audit.KeysController',
      metadata: { id: 7 },
      fields: { request: { method: 'GET', route: '/keys/one/:id' } },
    });
    expect(outcome.metadata).toEqual({ id: 7, result: { id: 7 } });
    expect(outcome.fields).toMatchObject({ outcome: 'success', request: { route: '/keys/one/:id' } });
  });

  it.each(['keys/one/7', 'keys/own/201', 'keys/values', 'keys/raw', 'keys/fail'])(
    'is not answered before its outcome is stored (%s)',
    async (path) => {
      const { sink, url } = await bootKeys();
      const answers: (() => void)[] = [];
      sink.store = (kind) =>
        kind === 'intent' ? Promise.resolve() : new Promise((resolve) => answers.push(resolve));
      let isAnswered = false;
      const response = new Promise<void>((resolve) =>
        get(`${url}/${path}`, (incoming) => {
          isAnswered = true;
          incoming.resume().on('end', resolve);
        }),
      );
      await expect.poll(() => answers.length).toBe(1);
      // What would have been sent by now is in the client's socket: another round trip is behind it.
      sink.store = async () => undefined;
      await fetch(`${url}/keys/sync`);
      expect(isAnswered).toBe(false);
      answers[0]?.();
      await response;
      sink.takeIntent();
      await sink.take();
      sink.takeIntent();
      await sink.take();
    },
  );

  it.each(['one/7', 'sync', 'own/200', 'values', 'events'])(
    'is refused with 503 and not run (%s)',
    async (path) => {
      const { sink, read, health } = await bootKeys();
      sink.store = refusing('intent');
      const { status, text, headers } = await read(`keys/${path}`);
      expect(status).toBe(503);
      expect(headers.get('content-type')).toContain('application/json');
      expect(JSON.parse(text)).toEqual(UNAVAILABLE);
      expect(journal).toEqual([]);
      expect(health.check()).toMatchObject({ status: 'up', refused: 1 });
      const { fields } = await sink.take();
      expect(fields).toMatchObject({ outcome: 'failure', reason: 'error', error: { status: 503 } });
      expect(fields).not.toHaveProperty('phase');
    },
  );

  it('is refused when the store is silent', async () => {
    const { sink, read } = await bootKeys();
    Object.assign(sink, { store: silentOn('intent'), deadlineMs: 1 });
    expect((await read('keys/one/7')).status).toBe(503);
    expect(journal).toEqual([]);
    await sink.take();
  });

  it.each<[string, number, string]>([
    ['keys/one/7', 202, '{"id":7}'],
    ['keys/own/404', 404, 'own'],
    ['keys/values', 200, '3'],
    // Nest 11 does not stream what a handler generates.
    ...(onNest12 ? [['keys/lines', 200, 'one two'] as [string, number, string]] : []),
    ['keys/filtered', 418, 'caught'],
  ])(
    'answers as ever when its outcome cannot be stored, and the next is refused (%s)',
    async (path, status, text) => {
      const { sink, read, health } = await bootKeys();
      sink.store = refusing('record');
      expect(await read(path)).toMatchObject({ status, text });
      expect(health.check()).toMatchObject({ status: 'down', lost: 1 });
      sink.takeIntent();
      expect((await read('keys/sync')).status).toBe(503);
      expect(journal.filter((entry) => entry === 'method').length).toBeLessThan(2);
    },
  );

  it('answers as ever when the store is silent afterwards', async () => {
    const { sink, read, health } = await bootKeys();
    Object.assign(sink, { store: silentOn('record'), deadlineMs: 1 });
    expect(await read('keys/one/7')).toMatchObject({ status: 202, text: '{"id":7}' });
    expect(health.check()).toMatchObject({ status: 'down', late: 1 });
    sink.takeIntent();
  });

  it('may be synchronous: Nest awaits it', async () => {
    const { read, took } = await bootKeys();
    expect(await read('keys/sync')).toMatchObject({ status: 200, text: 'at once' });
    await took();
  });

  it.each([
    ['keys/fail', 404, { outcome: 'failure', error: { status: 404 } }],
    ['keys/filtered', 418, { outcome: 'failure', error: { message: 'for the filter', status: 418 } }],
    ['keys/own/200', 200, { outcome: 'success' }],
    ['keys/own/409', 409, { outcome: 'failure', error: { status: 409 } }],
    ['keys/values', 200, { outcome: 'success' }],
    ['keys/lines', 200, { outcome: 'success' }],
    ['keys/retry', 200, { outcome: 'success' }],
    ['outer/retry', 200, { outcome: 'success' }],
    ['keys/timeout', 408, { outcome: 'failure', reason: 'timeout' }],
  ])('has the outcome of its response (%s)', async (path, status, fields) => {
    const { read, took } = await bootKeys();
    expect((await read(path)).status).toBe(status);
    expect((await took()).outcome.fields).toMatchObject(fields);
  });

  it('that writes the response itself sends what it would have sent', async () => {
    const { read, took } = await bootKeys();
    const { status, headers, text } = await read('keys/raw');
    expect([status, headers.get('x-own'), headers.get('content-length'), text]).toEqual([
      200,
      '1',
      '6',
      'dätä',
    ]);
    await took();
    expect((await read('keys/raw', { method: 'HEAD' })).status).toBe(200);
    await took();
  });

  // On Nest 11 Fastify tries to answer again, and ends the process.
  it.skipIf(!onNest12 && platform === 'Fastify')(
    'that fails after it has answered keeps its answer',
    async () => {
      const { read, took } = await bootKeys();
      expect(await read('keys/own-then-fail')).toMatchObject({ status: 200, text: 'sent' });
      expect((await took()).outcome.fields).toMatchObject({
        outcome: 'failure',
        error: { message: 'too late' },
      });
    },
  );

  it('that waits for its answer to be sent is not waited for', async () => {
    const { read, took } = await bootKeys();
    expect(await read('keys/pipe')).toMatchObject({ status: 200, text: 'one two' });
    expect((await took()).outcome.fields).toMatchObject({ outcome: 'success' });
  });

  it('is refused by a guard or a pipe without an intent', async () => {
    const { sink, read } = await bootKeys();
    expect((await read('keys/one/7', { headers: { 'x-refuse': '1' } })).status).toBe(403);
    const denied = await sink.take();
    expect(denied.fields).toMatchObject({ outcome: 'failure', reason: 'denied' });
    expect((await read('keys/one/seven')).status).toBe(400);
    const rejected = await sink.take();
    expect(rejected.fields).toMatchObject({ outcome: 'failure', reason: 'validation' });
    for (const { fields } of [denied, rejected]) expect(fields).not.toHaveProperty('intent');
  });

  it('is unknown when the client leaves first', async () => {
    const { url, took, sink } = await bootKeys();
    const reached = once(signals, 'slow');
    const client = request(`${url}/keys/slow`).on('error', () => undefined);
    client.end();
    await reached;
    client.destroy();
    await expect.poll(() => sink.journal).toEqual(['intent', 'record']);
    expect((await took()).outcome.fields).toMatchObject({ outcome: 'unknown', reason: 'aborted' });
  });

  it('does not run when the client has left before its intent is stored', async () => {
    const { url, sink } = await bootKeys();
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      sink.store = (kind) => {
        if (kind === 'record') return Promise.resolve();
        resolve();
        return new Promise((stored) => (answer = stored));
      };
    });
    const client = request(`${url}/keys/one/7`).on('error', () => undefined);
    client.end();
    await asked;
    client.destroy();
    const outcome = await sink.take();
    expect(outcome.fields).toMatchObject({ outcome: 'unknown', reason: 'aborted' });
    answer();
    await expect.poll(() => sink.journal).toEqual(['record', 'intent']);
    expect(sink.takeIntent().id).toBe(outcome.fields['intent']);
    expect(journal).toEqual([]);
  });

  it('that sends events has an intent, a start and an end', async () => {
    const { sink, read } = await bootKeys();
    expect((await read('keys/events')).text).toContain('data: two');
    expect(sink.journal).toEqual(['intent', 'record', 'record']);
    const [intent, start, end] = [sink.takeIntent(), await sink.take(), await sink.take()];
    expect(start.fields).toMatchObject({ phase: 'start', intent: intent.id });
    expect(end.fields).toMatchObject({
      phase: 'end',
      start_id: start.id,
      intent: intent.id,
      outcome: 'success',
    });
  });

  it('that sends events is recorded when the client leaves', async () => {
    const { sink, url } = await bootKeys();
    const controller = new AbortController();
    const response = await fetch(`${url}/keys/endless`, { signal: controller.signal });
    await response.body?.getReader().read();
    expect((await sink.take()).fields).toMatchObject({ phase: 'start' });
    controller.abort();
    const { fields } = await sink.take();
    expect(fields).toMatchObject({ phase: 'end', outcome: 'unknown', reason: 'aborted' });
    expect(fields['intent']).toBe(sink.takeIntent().id);
  });

  // Fastify waits for a reply that has not ended by itself, with listeners of its own.
  it.runIf(platform === 'Express')('leaves no listener on the response (Express only)', async () => {
    const { app, read, took } = await bootKeys();
    const responses: ServerResponse[] = [];
    app.getHttpServer().on('request', (_: unknown, response: ServerResponse) => responses.push(response));
    await read('keys/one/7');
    await took();
    await read('keys/unaudited');
    const counts = () =>
      responses.map((response) => [response.listenerCount('finish'), response.listenerCount('close')]);
    await expect.poll(() => counts()[0]).toEqual(counts()[1]);
  });
});
