import {
  Body,
  Catch,
  Controller,
  Delete,
  ForbiddenException,
  Get,
  Headers,
  Injectable,
  Param,
  ParseIntPipe,
  Post,
  RequestTimeoutException,
  Res,
  Sse,
  UnauthorizedException,
  UseFilters,
  UseGuards,
  UseInterceptors,
  ValidationPipe,
  type CallHandler,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
  type MessageEvent,
  type NestInterceptor,
} from '@nestjs/common';
import { APP_GUARD, type AbstractHttpAdapter } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { IsEmail } from 'class-validator';
import { once, EventEmitter } from 'node:events';
import { request } from 'node:http';
import { catchError, concat, NEVER, of, retry, timeout, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { Audit } from '../../src/audit/decorate/audit.decorator.js';
import { AuditInterceptor } from '../../src/audit/nest/audit.interceptor.js';
import { boot } from './harness/boot.js';
import { onNest12 } from '../harness/nest-version.js';

const ADAPTERS: [string, () => AbstractHttpAdapter][] = [
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
];

interface Reply {
  status(code: number): this;
  send(body: string): unknown;
}

class Invitation {
  @IsEmail()
  email!: string;
}

const HEADER_GUARD_ERRORS: Readonly<Record<string, () => unknown>> = {
  forbidden: () => new ForbiddenException('not yours'),
  unauthorized: () => new UnauthorizedException(),
  crash: () => new TypeError('the guard is broken'),
  // oxlint-disable-next-line no-throw-literal
  text: () => 'a text',
};

/** Refuses as the header `x-refuse` says, after a turn of the event loop, as one that asks a database. */
@Injectable()
class HeaderGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    await new Promise((resolve) => setImmediate(resolve));
    const call = context.switchToHttp().getRequest<{ headers: Record<string, string>; user?: object }>();
    call.user = { id: 7, name: 'Ada', password: 'secret' };
    const refusal = call.headers['x-refuse'];
    if (refusal === 'false') return false;
    const error = refusal === undefined ? undefined : HEADER_GUARD_ERRORS[refusal]?.();
    if (error !== undefined) throw error;
    return true;
  }
}

@Catch()
class TeapotFilter implements ExceptionFilter {
  catch(error: unknown, host: ExecutionContext): void {
    host
      .switchToHttp()
      .getResponse<Reply>()
      .status(418)
      .send(`caught ${error instanceof Error ? error.message : String(error)}`);
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

@Injectable()
class CachingInterceptor implements NestInterceptor {
  intercept(): Observable<unknown> {
    return of('cached');
  }
}

const signals = new EventEmitter();

@Controller('users')
@UseGuards(HeaderGuard)
class UsersController {
  attempts = 0;

  @Audit<UsersController['find']>('state_change', { metadata: ({ args: [id], result }) => ({ id, result }) })
  @Get(':id')
  find(@Param('id', ParseIntPipe) id: number, @Headers('x-request') header?: string): object {
    return { id, header };
  }

  @Delete(':id')
  @Audit('instance_terminate')
  remove(@Param('id') id: string): Promise<void> {
    return Promise.reject(new ForbiddenException(`${id} is protected`));
  }

  @Post()
  @Audit<UsersController['invite']>('message_sent', {
    metadata: ({ args: [body] }) => ({ email: body.email }),
  })
  invite(@Body(new ValidationPipe({ transform: true })) body: Invitation): string {
    const { email } = body;
    body.email = 'changed by the handler';
    return email;
  }

  @Get('crash/now')
  @Audit('error')
  crash(): void {
    throw new TypeError('a bug');
  }

  @Get('own/:status')
  @Audit('state_change')
  own(@Res() response: Reply, @Param('status', ParseIntPipe) status: number): void {
    setImmediate(() => response.status(status).send('own'));
  }

  @Get('passthrough/404')
  @Audit('state_change')
  passthrough(@Res({ passthrough: true }) response: Reply): string {
    response.status(404);
    return 'nothing here';
  }

  @Get('values/three')
  @Audit<UsersController['values']>('state_change', { metadata: ({ result }) => ({ result }) })
  values(): Observable<number> {
    return of(1, 2, 3);
  }

  @Get('stream/lines')
  @Audit<UsersController['lines']>('state_change', { metadata: ({ result }) => ({ result }) })
  async *lines(): AsyncGenerator<string, string> {
    yield 'one\n';
    yield 'two\n';
    return 'sent';
  }

  @Get('slow/answer')
  @Audit('state_change')
  slow(): Promise<string> {
    signals.emit('slow');
    return new Promise(() => undefined);
  }

  @Get('slow/observable')
  @Audit('state_change')
  slowObservable(): Observable<string> {
    signals.emit('slow');
    return NEVER;
  }

  @Get('timeout/inner')
  @Audit('timeout')
  @UseInterceptors(TimeoutInterceptor)
  timeoutInner(): Promise<string> {
    return new Promise(() => undefined);
  }

  @Get('retry/method')
  @Audit<UsersController['retried']>('state_change', { metadata: ({ result }) => ({ result }) })
  @UseInterceptors(RetryInterceptor)
  retried(): number {
    this.attempts += 1;
    if (this.attempts < 3) throw new Error('try again');
    return this.attempts;
  }

  @Get('cached/answer')
  @Audit('state_change')
  @UseInterceptors(CachingInterceptor)
  cached(): string {
    return 'fresh';
  }

  @Get('filtered/answer')
  @UseFilters(TeapotFilter)
  @Audit('state_change')
  filtered(): void {
    throw new Error('for the filter');
  }

  @Get('unaudited/answer')
  unaudited(): string {
    return 'unaudited';
  }

  @Sse('events/two')
  @Audit<UsersController['events']>('message_sent', { metadata: ({ result }) => ({ last: result?.data }) })
  events(): Observable<MessageEvent> {
    return of({ data: 'one' }, { data: 'two' });
  }

  @Sse('events/endless')
  @Audit('message_sent')
  endless(): Observable<MessageEvent> {
    return concat(of({ data: 'first' }), NEVER);
  }

  @Sse('events/broken/:id')
  @Audit('message_sent')
  broken(@Param('id', ParseIntPipe) _: number): Observable<MessageEvent> {
    throw new Error('no events');
  }
}

@Controller('slow')
@UseInterceptors(TimeoutInterceptor, RetryInterceptor)
class SlowController {
  attempts = 0;

  @Get('timeout')
  @Audit('timeout')
  timeout(): Promise<string> {
    return new Promise(() => undefined);
  }

  @Get('retry')
  @Audit<SlowController['retried']>('state_change', { metadata: ({ result }) => ({ result }) })
  retried(): number {
    this.attempts += 1;
    if (this.attempts < 3) throw new Error('try again');
    return this.attempts;
  }
}

const providers = [HeaderGuard, TimeoutInterceptor, RetryInterceptor, CachingInterceptor];
const controllers = [UsersController, SlowController];

describe.each(ADAPTERS)('an audited HTTP handler on %s', (platform, adapter) => {
  const bootUsers = (more: object = {}) => boot({ controllers, providers, adapter: adapter(), ...more });

  it('is recorded once, with actor and request', async () => {
    const { url, sink } = await bootUsers();
    const response = await fetch(`${url}/users/12`, { headers: { 'x-request': 'r' } });
    expect(await response.json()).toEqual({ id: 12, header: 'r' });
    const event = await sink.take();
    expect(event).toMatchObject({ logger: 'audit.UsersController', level: 'log', action: 'state_change' });
    expect(event.metadata).toEqual({ id: 12, result: { id: 12, header: 'r' } });
    expect(Object.keys(event.fields)).toEqual(['outcome', 'duration_ms', 'actor', 'request']);
    expect(event.fields).toMatchObject({
      outcome: 'success',
      actor: { id: '7', name: 'Ada' },
      request: { method: 'GET', route: '/users/:id', ip: '127.0.0.1' },
    });
    expect(JSON.stringify(event)).not.toContain('secret');
  });

  it('has failed when it throws', async () => {
    const { url, sink } = await bootUsers();
    const response = await fetch(`${url}/users/3`, { method: 'DELETE' });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ message: '3 is protected' });
    const event = await sink.take();
    expect(event.level).toBe('warn');
    expect(event.fields).toMatchObject({
      outcome: 'failure',
      reason: 'error',
      error: { name: 'ForbiddenException', message: '3 is protected', status: 403 },
    });
  });

  it('has failed with the status of the response when it throws something unknown', async () => {
    const { url, sink } = await bootUsers();
    expect((await fetch(`${url}/users/crash/now`)).status).toBe(500);
    const event = await sink.take();
    expect(event.level).toBe('error');
    expect(event.fields).toMatchObject({
      outcome: 'failure',
      reason: 'error',
      error: { name: 'TypeError', message: 'a bug', status: 500 },
    });
  });

  it.each([
    ['false', 403, 'denied', 'ForbiddenException'],
    ['forbidden', 403, 'denied', 'ForbiddenException'],
    ['unauthorized', 401, 'denied', 'UnauthorizedException'],
    ['crash', 500, 'error', 'TypeError'],
  ])('is refused by a guard (%s)', async (refusal, status, reason, name) => {
    const { url, sink } = await bootUsers();
    const response = await fetch(`${url}/users/12`, { headers: { 'x-refuse': refusal } });
    expect(response.status).toBe(status);
    const event = await sink.take();
    expect(event.metadata).toEqual({});
    expect(event.fields).toMatchObject({
      outcome: 'failure',
      reason,
      error: { name, status },
      actor: { id: '7' },
      request: { method: 'GET', route: '/users/:id' },
    });
  });

  it('is refused by a global guard, in every way to bind one', async () => {
    const refusing: CanActivate = {
      canActivate: (context) => {
        const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
        return headers['x-global'] === undefined;
      },
    };
    const bindings = [
      { providers: [...providers, { provide: APP_GUARD, useValue: refusing }] },
      { before: (app: { useGlobalGuards(guard: CanActivate): unknown }) => app.useGlobalGuards(refusing) },
    ];
    for (const binding of bindings) {
      const { url, sink } = await bootUsers(binding);
      expect((await fetch(`${url}/users/12`, { headers: { 'x-global': '1' } })).status).toBe(403);
      expect((await sink.take()).fields).toMatchObject({ outcome: 'failure', reason: 'denied' });
      expect((await fetch(`${url}/users/12`)).status).toBe(200);
      expect((await sink.take()).fields).toMatchObject({ outcome: 'success' });
    }
  });

  it('is refused by a pipe', async () => {
    const { url, sink } = await bootUsers();
    expect((await fetch(`${url}/users/twelve`)).status).toBe(400);
    expect((await sink.take()).fields).toMatchObject({
      outcome: 'failure',
      reason: 'validation',
      error: { name: 'BadRequestException', status: 400 },
      actor: { id: '7' },
    });
    const response = await fetch(`${url}/users`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'none' }),
    });
    expect(response.status).toBe(400);
    const event = await sink.take();
    expect(event.fields).toMatchObject({
      reason: 'validation',
      error: { message: 'email must be an email' },
    });
    expect(event.message).toBe('message_sent rejected: email must be an email');
  });

  it('has its arguments told as they were before the call', async () => {
    const { url, sink } = await bootUsers();
    const response = await fetch(`${url}/users`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'ada@example.org' }),
    });
    expect(await response.text()).toBe('ada@example.org');
    expect((await sink.take()).metadata).toEqual({ email: 'ada@example.org' });
  });

  it.each([
    [200, { outcome: 'success' }],
    [
      404,
      {
        outcome: 'failure',
        reason: 'error',
        error: { name: 'HttpStatus', message: 'Not Found', status: 404 },
      },
    ],
  ])('that uses @Res() has the outcome of its response (%i)', async (status, fields) => {
    const { url, sink } = await bootUsers();
    const response = await fetch(`${url}/users/own/${status}`);
    expect(response.status).toBe(status);
    expect(await response.text()).toBe('own');
    expect((await sink.take()).fields).toMatchObject(fields);
  });

  it('that sets a status itself has the outcome of its response', async () => {
    const { url, sink } = await bootUsers();
    expect((await fetch(`${url}/users/passthrough/404`)).status).toBe(404);
    expect((await sink.take()).fields).toMatchObject({ outcome: 'failure', error: { status: 404 } });
  });

  it('makes one record of an Observable', async () => {
    const { url, sink } = await bootUsers();
    expect(await (await fetch(`${url}/users/values/three`)).json()).toBe(3);
    expect(await sink.take()).toMatchObject({ metadata: { result: 3 }, fields: { outcome: 'success' } });
  });

  // Nest 11 does not stream what a handler generates.
  it.runIf(onNest12)('makes one record of a streamed generator, when it has ended', async () => {
    const { url, sink } = await bootUsers();
    expect(await (await fetch(`${url}/users/stream/lines`)).text()).toBe('one\ntwo\n');
    expect(await sink.take()).toMatchObject({ metadata: { result: 'sent' }, fields: { outcome: 'success' } });
  });

  it.each(['answer', 'observable'])('is unknown when the client leaves first (%s)', async (kind) => {
    const { url, sink } = await bootUsers();
    const reached = once(signals, 'slow');
    const client = request(`${url}/users/slow/${kind}`).on('error', () => undefined);
    client.end();
    await reached;
    client.destroy();
    const event = await sink.take();
    expect(event.message).toBe('state_change aborted');
    expect(event.fields).toMatchObject({ outcome: 'unknown', reason: 'aborted', actor: { id: '7' } });
  });

  it.each(['users/timeout/inner', 'slow/timeout'])(
    'has timed out when an interceptor says so (%s)',
    async (path) => {
      const { url, sink } = await bootUsers();
      expect((await fetch(`${url}/${path}`)).status).toBe(408);
      expect((await sink.take()).fields).toMatchObject({ outcome: 'failure', reason: 'timeout' });
    },
  );

  it.each(['users/retry/method', 'slow/retry'])(
    'that is tried again is still one call (%s)',
    async (path) => {
      const { url, sink } = await bootUsers();
      expect(await (await fetch(`${url}/${path}`)).json()).toBe(3);
      expect(await sink.take()).toMatchObject({ metadata: { result: 3 }, fields: { outcome: 'success' } });
    },
  );

  it('is not recorded when an interceptor answers in its place', async () => {
    const { url, sink } = await bootUsers();
    expect(await (await fetch(`${url}/users/cached/answer`)).text()).toBe('cached');
    await fetch(`${url}/users/unaudited/answer`);
    expect(sink.rest).toEqual([]);
  });

  it("leaves errors and refusals to the app's own filters", async () => {
    const { url, sink } = await bootUsers();
    const response = await fetch(`${url}/users/filtered/answer`);
    expect([response.status, await response.text()]).toEqual([418, 'caught for the filter']);
    expect((await sink.take()).fields).toMatchObject({
      reason: 'error',
      error: { message: 'for the filter' },
    });
    const refused = await fetch(`${url}/users/filtered/answer`, { headers: { 'x-refuse': 'text' } });
    expect([refused.status, await refused.text()]).toEqual([418, 'caught a text']);
    expect((await sink.take()).fields).toMatchObject({
      reason: 'denied',
      error: { name: 'string', message: 'a text', status: 418 },
    });
  });

  it('is recorded once when the interceptor is bound globally as well', async () => {
    const { url, sink } = await bootUsers({
      before: (app: {
        useGlobalInterceptors(i: NestInterceptor): unknown;
        get(t: unknown): NestInterceptor;
      }) => app.useGlobalInterceptors(app.get(AuditInterceptor)),
    });
    await fetch(`${url}/users/12`);
    expect((await sink.take()).fields).toMatchObject({ outcome: 'success' });
    await fetch(`${url}/users/twelve`);
    expect((await sink.take()).fields).toMatchObject({ reason: 'validation' });
  });

  it('is recorded by the app that was called, where two run in one process', async () => {
    const [first, second] = [await bootUsers(), await bootUsers()];
    await Promise.all([
      fetch(`${first.url}/users/1`),
      fetch(`${second.url}/users/2`, { headers: { 'x-refuse': 'false' } }),
    ]);
    expect(await first.sink.take()).toMatchObject({ metadata: { id: 1 }, fields: { outcome: 'success' } });
    expect(await second.sink.take()).toMatchObject({ metadata: {}, fields: { reason: 'denied' } });
  });

  it('keeps calls at the same time apart', async () => {
    const { url, sink } = await bootUsers();
    const outcomes = ['a', '1', 'b', '2', '3', 'c'];
    await Promise.all(
      outcomes.map((id, index) =>
        fetch(`${url}/users/${id}`, { headers: index % 2 === 0 ? { 'x-refuse': 'false' } : {} }),
      ),
    );
    const events = await Promise.all(outcomes.map(() => sink.take()));
    const reasons = events.map(({ fields }) => fields['reason'] ?? fields['outcome']);
    expect(reasons.toSorted()).toEqual(['denied', 'denied', 'denied', 'success', 'success', 'validation']);
  });

  it('records the start and the end of server-sent events', async () => {
    const { url, sink } = await bootUsers();
    expect(await (await fetch(`${url}/users/events/two`)).text()).toContain('data: two');
    const [start, end] = [await sink.take(), await sink.take()];
    expect(start).toMatchObject({
      message: 'message_sent started',
      fields: { phase: 'start', actor: { id: '7' } },
    });
    expect(start.fields).not.toHaveProperty('outcome');
    expect(end.metadata).toEqual({ last: 'two' });
    expect(end.fields).toMatchObject({ phase: 'end', start_id: start.id, outcome: 'success' });
  });

  it('records a client that leaves server-sent events', async () => {
    const { url, sink } = await bootUsers();
    const controller = new AbortController();
    const response = await fetch(`${url}/users/events/endless`, { signal: controller.signal });
    await response.body?.getReader().read();
    expect((await sink.take()).fields).toMatchObject({ phase: 'start' });
    controller.abort();
    expect((await sink.take()).fields).toMatchObject({ phase: 'end', outcome: 'unknown', reason: 'aborted' });
  });

  it('records server-sent events that are refused or fail to start', async () => {
    const { url, sink } = await bootUsers();
    await fetch(`${url}/users/events/broken/x`);
    expect((await sink.take()).fields).toMatchObject({ outcome: 'failure', reason: 'validation' });
    await fetch(`${url}/users/events/broken/1`, { headers: { 'x-refuse': 'false' } });
    expect((await sink.take()).fields).toMatchObject({ outcome: 'failure', reason: 'denied' });
    await fetch(`${url}/users/events/broken/1`);
    expect((await sink.take()).fields).toMatchObject({ phase: 'start' });
    expect((await sink.take()).fields).toMatchObject({ phase: 'end', outcome: 'failure', reason: 'error' });
  });

  it(`leaves no listener on ${platform}'s connections`, async () => {
    const { url, sink, app } = await bootUsers();
    const responses: EventEmitter[] = [];
    app.getHttpServer().on('request', (_: unknown, response: EventEmitter) => responses.push(response));
    await fetch(`${url}/users/12`);
    await sink.take();
    await fetch(`${url}/users/12`, { headers: { 'x-refuse': 'false' } });
    await sink.take();
    await fetch(`${url}/users/unaudited/answer`);
    const counts = responses.map((response) => [
      response.listenerCount('finish'),
      response.listenerCount('close'),
    ]);
    expect(counts[0]).toEqual(counts[2]);
    expect(counts[1]).toEqual(counts[2]);
  });
});
