import {
  Controller,
  Get,
  Injectable,
  Logger,
  UnauthorizedException,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { type LogRecord, type LogStreamOptions } from 'nestjs-log-stream';
import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { exchange } from '../harness/exchange.js';
import { monitoredApp } from '../harness/monitored-app.js';
import { RecordingLogger } from '../harness/recording-logger.js';

const signals = new EventEmitter();

@Injectable()
class UserGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ user?: object; headers: Record<string, string> }>();
    request.user = { id: 7, password: 'secret' };
    if (request.headers['x-refuse']) throw new UnauthorizedException();
    return true;
  }
}

@Controller('orders')
@UseGuards(UserGuard)
class OrdersController {
  private readonly logger = new Logger('orders');

  @Get('slow')
  slow(): Promise<never> {
    signals.emit('slow');
    return new Promise(() => undefined);
  }

  @Get('crash')
  crash(): never {
    throw new Error('a bug');
  }

  @Get(':id')
  find(): string {
    this.logger.log('found');
    return 'x'.repeat(1000);
  }
}

const started = async (fastify: boolean, options: LogStreamOptions) => {
  const builder = monitoredApp({ logger: false, story: true, ...options }).with({
    controllers: [OrdersController],
    providers: [UserGuard],
  });
  const app = await (fastify ? builder.onFastify() : builder).start();
  const url = `http://127.0.0.1:${app.port}`;
  const https = (): LogRecord[] => [...app.stream.history].filter(({ logger }) => logger === 'http');
  const next = async (): Promise<LogRecord> => {
    await expect.poll(() => https().length).toBeGreaterThan(seen);
    seen += 1;
    return https()[seen - 1]!;
  };
  let seen = 0;
  return { app, url, https, next };
};

describe.each([
  ['Express', false],
  ['Fastify', true],
])('a request on %s, with the option requests', (_, fastify) => {
  it('makes one record at its end, in its own story', async () => {
    const { app, url, next, https } = await started(fastify, { requests: true });
    await using _app = app;
    await (await fetch(`${url}/orders/12?token=abc`)).text();
    const record = await next();
    expect(record).toMatchObject({ level: 'INFO', logger: 'http', message: 'GET /orders/:id 200' });
    expect(record.extra).toEqual({
      method: 'GET',
      route: '/orders/:id',
      status: 200,
      duration_ms: expect.any(Number) as number,
      bytes: expect.any(Number) as number,
      actor: { id: '7' },
    });
    expect(record.extra['bytes']).toBeGreaterThan(1000);
    expect(record.extra['bytes']).toBeLessThan(2000);
    const found = [...app.stream.history].find(({ message }) => message === 'found');
    expect(record.story).toEqual(found?.story);
    expect(record.story?.request_id).toBeDefined();
    expect(JSON.stringify(record)).not.toContain('abc');
    expect(https()).toHaveLength(1);
  });

  it('says what was refused, what does not exist, and what broke', async () => {
    const { app, url, next } = await started(fastify, { requests: true });
    await using _app = app;
    await fetch(`${url}/orders/1`, { headers: { 'x-refuse': '1' } });
    expect(await next()).toMatchObject({
      level: 'WARNING',
      message: 'GET /orders/:id 401',
      extra: { status: 401 },
    });
    await fetch(`${url}/nothing/secret-path`);
    const missing = await next();
    expect(missing).toMatchObject({ level: 'WARNING', extra: { status: 404 } });
    expect(JSON.stringify(missing)).not.toContain('secret-path');
    await fetch(`${url}/orders/crash`);
    expect(await next()).toMatchObject({ level: 'ERROR', message: 'GET /orders/crash 500' });
  });

  it('says of a client that left that it did', async () => {
    const { app, url, next } = await started(fastify, { requests: true });
    await using _app = app;
    const reached = once(signals, 'slow');
    const answer = exchange(1, `${url}/orders/slow`);
    await reached;
    answer.cancel();
    const { level, message, extra } = await next();
    expect([level, message]).toEqual(['WARNING', 'GET /orders/slow aborted']);
    expect(extra).toMatchObject({ aborted: true, actor: { id: '7' } });
    expect(extra).not.toHaveProperty('status');
  });

  it('leaves out what it is told to, and the monitor itself', async () => {
    const skip = ({ url = '' }: { url?: string }): boolean => url.startsWith('/orders/health');
    const { app, url, next, https } = await started(fastify, { requests: { skip, query: true } });
    await using _app = app;
    for (const path of ['monitor', 'orders/health', 'orders/2?page=3'])
      await (await fetch(`${url}/${path}`)).text();
    expect((await next()).extra).toMatchObject({ route: '/orders/:id', query: 'page=3' });
    expect(https()).toHaveLength(1);
  });

  it('makes none without the option, and goes to the console with it', async () => {
    const { app, url, https } = await started(fastify, {});
    await using _app = app;
    await (await fetch(`${url}/orders/12`)).text();
    const console = new RecordingLogger();
    const other = await started(fastify, { requests: true, logger: console });
    await using _other = other.app;
    await (await fetch(`${other.url}/orders/12`)).text();
    await other.next();
    expect(console.matching('GET /orders/:id 200')).toHaveLength(1);
    expect(https()).toEqual([]);
  });
});
