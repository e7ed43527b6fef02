import {
  Catch,
  Controller,
  Get,
  Inject,
  Injectable,
  UnauthorizedException,
  UseFilters,
  UseGuards,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
} from '@nestjs/common';
import { type AbstractHttpAdapter } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { describe, expect, it } from 'vitest';
import { Audit } from '../../src/audit/decorate/audit.decorator.js';
import { boot } from './harness/boot.js';

/** An error of an HTTP client, which tells what another service has answered. */
class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  constructor(readonly status: number) {
    super(`upstream answered ${status}`);
  }
}

@Injectable()
class UpstreamGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
    if (headers['x-upstream'] !== undefined) throw new UpstreamError(Number(headers['x-upstream']));
    if (headers['x-refuse'] !== undefined) throw new UnauthorizedException();
    return true;
  }
}

@Injectable()
class Accounts {
  @Audit('state_change')
  load(status: number): never {
    throw new UpstreamError(status);
  }
}

@Catch()
class OwnFilter implements ExceptionFilter {
  catch(_: unknown, host: ExecutionContext): void {
    const { url } = host.switchToHttp().getRequest<{ url: string }>();
    const status = Number(new URL(url, 'http://localhost').searchParams.get('as'));
    host
      .switchToHttp()
      .getResponse<{ status(code: number): { send(body: string): void } }>()
      .status(status)
      .send('own');
  }
}

@Controller('calls')
@UseGuards(UpstreamGuard)
class CallsController {
  constructor(@Inject(Accounts) private readonly accounts: Accounts) {}

  @Get('upstream/:status')
  @Audit('state_change')
  upstream(): never {
    throw new UpstreamError(401);
  }

  @Get('upstream-timeout')
  @Audit('state_change')
  upstreamTimeout(): never {
    throw new UpstreamError(504);
  }

  @Get('service')
  service(): never {
    return this.accounts.load(504);
  }

  @Get('filtered')
  @UseFilters(OwnFilter)
  @Audit('state_change')
  filtered(): never {
    throw new UnauthorizedException();
  }
}

const ADAPTERS: [string, () => AbstractHttpAdapter][] = [
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
];

describe.each(ADAPTERS)('where the response is known, it decides (%s)', (_, adapter) => {
  const bootCalls = () =>
    boot({ controllers: [CallsController], providers: [Accounts, UpstreamGuard], adapter: adapter() });

  it.each(['upstream/401', 'upstream-timeout'])('not what an upstream has answered (%s)', async (path) => {
    const { url, sink } = await bootCalls();
    expect((await fetch(`${url}/calls/${path}`)).status).toBe(500);
    const event = await sink.take();
    expect(event.level).toBe('error');
    expect(event.fields).toMatchObject({
      outcome: 'failure',
      reason: 'error',
      error: { name: 'UpstreamError', status: 500 },
    });
  });

  it.each([401, 408, 504])('not what the upstream of a guard has answered (%i)', async (status) => {
    const { url, sink } = await bootCalls();
    const response = await fetch(`${url}/calls/filtered?as=500`, { headers: { 'x-upstream': `${status}` } });
    expect(response.status).toBe(500);
    expect((await sink.take()).fields).toMatchObject({ reason: 'error', error: { status: 500 } });
  });

  it.each([
    [404, 'error'],
    [408, 'timeout'],
    [503, 'error'],
    [200, 'error'],
  ])(
    "not the status of an exception that the app's filter answers otherwise (%i)",
    async (status, reason) => {
      const { url, sink } = await bootCalls();
      expect((await fetch(`${url}/calls/filtered?as=${status}`)).status).toBe(status);
      expect((await sink.take()).fields).toMatchObject({
        outcome: 'failure',
        reason,
        error: { name: 'UnauthorizedException', status },
      });
    },
  );

  it.each([
    [302, 'denied'],
    [404, 'denied'],
    [500, 'error'],
  ])('on a refusal, too (%i)', async (status, reason) => {
    const { url, sink } = await bootCalls();
    const response = await fetch(`${url}/calls/filtered?as=${status}`, {
      headers: { 'x-refuse': '1' },
      redirect: 'manual',
    });
    expect(response.status).toBe(status);
    expect((await sink.take()).fields).toMatchObject({ outcome: 'failure', reason, error: { status } });
  });

  it('and where there is none, an upstream has no status of ours either', async () => {
    const { url, sink } = await bootCalls();
    expect((await fetch(`${url}/calls/service`)).status).toBe(500);
    const { level, fields } = await sink.take();
    expect(level).toBe('error');
    expect(fields).toMatchObject({ reason: 'error' });
    expect(fields['error']).toEqual({ name: 'UpstreamError', message: 'upstream answered 504' });
  });
});
