import {
  Catch,
  Controller,
  Get,
  Injectable,
  ParseIntPipe,
  UseFilters,
  UseGuards,
  UseInterceptors,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
  type INestMicroservice,
  type NestInterceptor,
  type RpcExceptionFilter,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import {
  ClientProxyFactory,
  EventPattern,
  MessagePattern,
  Payload,
  RpcException,
  Transport,
  type ClientProxy,
} from '@nestjs/microservices';
import { type AddressInfo, type Server } from 'node:net';
import {
  firstValueFrom,
  lastValueFrom,
  NEVER,
  of,
  retry,
  throwError,
  timeout,
  toArray,
  type Observable,
} from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { Audit } from '../../src/audit/decorate/audit.decorator.js';
import { AuditInterceptor } from '../../src/audit/nest/audit.interceptor.js';
import { boot, type BootOptions } from './harness/boot.js';

@Injectable()
class PayloadGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    await new Promise((resolve) => setImmediate(resolve));
    const data: unknown = context.getType() === 'rpc' ? context.switchToRpc().getData() : undefined;
    if (data === 'break') throw Object.assign(new Error('the guard is broken'), { status: 401 });
    return data !== 'refuse';
  }
}

@Catch()
class OwnFilter implements RpcExceptionFilter {
  catch(error: { message: string }): Observable<never> {
    return throwError(() => ({ own: error.message }));
  }
}

@Injectable()
class ImpatientInterceptor implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(timeout(5), retry(1));
  }
}

@Controller()
@UseGuards(PayloadGuard)
class SumController {
  attempts = 0;

  @Get('sum')
  @Audit<SumController['sum']>('state_change', {
    metadata: ({ args: [values], result }) => ({ values, result }),
  })
  @MessagePattern('sum')
  sum(@Payload() values: number[] = []): number {
    return values.splice(0).reduce((sum, value) => sum + value, 0);
  }

  @Audit('state_change')
  @MessagePattern('number')
  number(@Payload(ParseIntPipe) value: number): number {
    return value;
  }

  @MessagePattern('many')
  @Audit<SumController['many']>('state_change', { metadata: ({ result }) => ({ result }) })
  many(): Observable<number> {
    return of(1, 2, 3);
  }

  @MessagePattern('fail')
  @Audit('state_change')
  fail(): never {
    throw new RpcException('broken');
  }

  @EventPattern('event')
  @Audit('message_received')
  event(@Payload() _: object): void {}

  @UseFilters(OwnFilter)
  @MessagePattern('filtered')
  @Audit('state_change')
  filtered(): never {
    throw new Error('for the filter');
  }
}

@Controller()
@UseInterceptors(ImpatientInterceptor)
class SlowController {
  attempts = 0;

  @MessagePattern('slow')
  @Audit('timeout')
  slow(): Observable<never> {
    return NEVER;
  }

  @MessagePattern('second time')
  @Audit<SlowController['secondTime']>('state_change', { metadata: ({ result }) => ({ result }) })
  secondTime(): number {
    this.attempts += 1;
    if (this.attempts === 1) throw new Error('not yet');
    return this.attempts;
  }
}

const clients: ClientProxy[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

async function bootSums({ inherit = false, ...options }: BootOptions & { inherit?: boolean } = {}) {
  let server: INestMicroservice | undefined;
  const booted = await boot({
    controllers: [SumController, SlowController],
    ...options,
    providers: [PayloadGuard, ImpatientInterceptor, ...(options.providers ?? [])],
    before: async (app: INestApplication) => {
      await options.before?.(app);
      const tcp = { transport: Transport.TCP, options: { host: '127.0.0.1', port: 0 } } as const;
      server = app.connectMicroservice(tcp, { inheritAppConfig: inherit });
      await app.startAllMicroservices();
    },
  });
  const { port } = (server as INestMicroservice).unwrap<Server>().address() as AddressInfo;
  const client = ClientProxyFactory.create({
    transport: Transport.TCP,
    options: { host: '127.0.0.1', port },
  });
  clients.push(client);
  const ask = (pattern: string, data: unknown = '') => firstValueFrom(client.send<unknown>(pattern, data));
  const failure = (pattern: string, data?: unknown) => ask(pattern, data).catch((error: unknown) => error);
  return { ...booted, client, ask, failure };
}

describe.each([false, true])('an audited TCP handler (inheritAppConfig: %s)', (inherit) => {
  it('is recorded once, with its arguments as they came', async () => {
    const { ask, sink } = await bootSums({ inherit });
    expect(await ask('sum', [1, 2])).toBe(3);
    const event = await sink.take();
    expect(event.logger).toBe('audit.SumController');
    expect(event.metadata).toEqual({ values: [1, 2], result: 3 });
    expect(event.fields).toEqual({
      outcome: 'success',
      duration_ms: expect.any(Number),
      request: { pattern: 'sum' },
    });
  });

  it('is refused by a guard', async () => {
    const { failure, sink } = await bootSums({ inherit });
    expect(await failure('sum', 'refuse')).toMatchObject({ message: 'Forbidden resource' });
    expect((await sink.take()).fields).toMatchObject({
      outcome: 'failure',
      reason: 'denied',
      error: { name: 'RpcException', message: 'Forbidden resource' },
      request: { pattern: 'sum' },
    });
  });

  it('has failed, and is not refused, when a guard breaks', async () => {
    const { failure, sink } = await bootSums({ inherit });
    expect(await failure('sum', 'break')).toMatchObject({ message: 'Internal server error' });
    const { fields } = await sink.take();
    expect(fields).toMatchObject({ outcome: 'failure', reason: 'error' });
    expect(fields['error']).toEqual({ name: 'Error', message: 'the guard is broken' });
  });

  it('is refused by a pipe', async () => {
    const { failure, sink } = await bootSums({ inherit });
    expect(await failure('number', 'twelve')).toMatchObject({ status: 'error' });
    expect((await sink.take()).fields).toMatchObject({ outcome: 'failure', reason: 'validation' });
  });

  it('has failed when it throws', async () => {
    const { failure, sink } = await bootSums({ inherit });
    expect(await failure('fail')).toMatchObject({ message: 'broken' });
    expect((await sink.take()).fields).toMatchObject({ outcome: 'failure', reason: 'error' });
  });

  it('makes one record of an Observable', async () => {
    const { client, sink } = await bootSums({ inherit });
    expect(await lastValueFrom(client.send('many', '').pipe(toArray()))).toEqual([1, 2, 3]);
    expect(await sink.take()).toMatchObject({ metadata: { result: 3 }, fields: { outcome: 'success' } });
  });

  it('records events', async () => {
    const { client, sink } = await bootSums({ inherit });
    await lastValueFrom(client.emit('event', {}), { defaultValue: undefined });
    expect((await sink.take()).fields).toMatchObject({ outcome: 'success', request: { pattern: 'event' } });
  });

  it('makes one record of a call that is tried again, and in the end times out', async () => {
    const { failure, sink } = await bootSums({ inherit });
    await failure('slow');
    expect((await sink.take()).fields).toMatchObject({ outcome: 'failure', reason: 'timeout' });
  });

  it('makes one record of a call that is tried again, and in the end succeeds', async () => {
    const { ask, sink } = await bootSums({ inherit });
    expect(await ask('second time')).toBe(2);
    expect(await sink.take()).toMatchObject({ metadata: { result: 2 }, fields: { outcome: 'success' } });
  });

  it("leaves errors and refusals to the app's own filters", async () => {
    const { failure, sink } = await bootSums({ inherit });
    expect(await failure('filtered')).toEqual({ own: 'for the filter' });
    expect((await sink.take()).fields).toMatchObject({ reason: 'error' });
    expect(await failure('filtered', 'refuse')).toEqual({ own: 'Forbidden resource' });
    expect((await sink.take()).fields).toMatchObject({ reason: 'denied' });
  });

  it('keeps messages of one connection apart that come at once', async () => {
    const { failure, sink } = await bootSums({ inherit });
    const payloads = ['refuse', [1], 'refuse', [2], 'refuse'];
    await Promise.all(payloads.map((payload) => failure('sum', payload)));
    const events = await Promise.all(payloads.map(() => sink.take()));
    expect(events.map(({ fields }) => fields['reason'] ?? 'ok').toSorted()).toEqual([
      'denied',
      'denied',
      'denied',
      'ok',
      'ok',
    ]);
  });

  it('is recorded once where HTTP serves the same method, and the interceptor is global as well', async () => {
    const { url, ask, sink } = await bootSums({
      inherit,
      before: (app) => app.useGlobalInterceptors(app.get(AuditInterceptor)),
    });
    await fetch(`${url}/sum`);
    expect((await sink.take()).fields).toMatchObject({ request: { method: 'GET', route: '/sum' } });
    await ask('sum', [4]);
    expect((await sink.take()).fields).toMatchObject({ request: { pattern: 'sum' } });
  });
});

describe('a global guard', () => {
  it('that an inherited configuration brings is seen to refuse', async () => {
    const refusing: CanActivate = { canActivate: () => false };
    const { failure, sink } = await bootSums({
      inherit: true,
      providers: [{ provide: APP_GUARD, useValue: refusing }],
    });
    await failure('sum', [1]);
    expect((await sink.take()).fields).toMatchObject({ reason: 'denied', request: { pattern: 'sum' } });
  });
});
