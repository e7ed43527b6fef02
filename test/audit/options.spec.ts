import { Controller, Get, Inject, Injectable, Param, Req } from '@nestjs/common';
import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { type AuditEvent } from '../../src/audit/audit-event.js';
import { type AuditOptions } from '../../src/audit/describe/audit-options.js';
import { Audit } from '../../src/audit/decorate/audit.decorator.js';
import { recordLost, stillPendingAtShutdown } from '../../src/audit/audit.messages.js';
import { AuditRecorder } from '../../src/audit/call/audit-recorder.js';
import { boot } from './harness/boot.js';
import { MemorySink } from './harness/memory-sink.js';

interface Order {
  readonly id: string;
  readonly lines: { sku: string; count: number }[];
}

type Place = (order: Order, ...more: unknown[]) => unknown;

/** Calls a method with some options once, and takes what was recorded. */
async function audit(
  options: AuditOptions<Place>,
  method: Place = ({ id }) => ({ placed: id }),
  ...more: unknown[]
): Promise<{ event: AuditEvent; returned: unknown }> {
  const { app, sink } = await bootWith(options, method);
  const returned = await Promise.resolve(place(app.get(Orders), more)).catch((error: unknown) => error);
  return { event: await sink.take(), returned };
}

abstract class Orders {
  abstract place: Place;
}

const order = (): Order => ({ id: 'o1', lines: [{ sku: 'tea', count: 2 }] });

function place(orders: Orders, more: unknown[]): unknown {
  try {
    return orders.place(order(), ...more);
  } catch (error) {
    return error;
  }
}

function bootWith(options: AuditOptions<Place>, method: Place, sink?: MemorySink) {
  @Injectable()
  class AuditedOrders {
    @Audit<Place>('instance_spawn', options)
    place(...args: Parameters<Place>): unknown {
      return method(...args);
    }
  }
  return boot({ providers: [{ provide: Orders, useClass: AuditedOrders }], sink });
}

describe('metadata', () => {
  it('may be fixed', async () => {
    const { event } = await audit({ metadata: { channel: 'web' } });
    expect(event.metadata).toEqual({ channel: 'web' });
  });

  it('sees the arguments as they were before the call, and the result', async () => {
    const { event } = await audit(
      {
        metadata: ({ args: [{ lines }], result, error }) => ({ lines, result, failed: error !== undefined }),
      },
      ({ lines }) => {
        lines[0]!.count = 99;
        lines.length = 0;
        return 'placed';
      },
    );
    expect(event.metadata).toEqual({ lines: [{ sku: 'tea', count: 2 }], result: 'placed', failed: false });
  });

  it('sees the error', async () => {
    const { event } = await audit({ metadata: ({ error }) => ({ text: (error as Error).message }) }, () => {
      throw new Error('sold out');
    });
    expect(event.metadata).toEqual({ text: 'sold out' });
  });

  it('does not change with the objects that it came from', async () => {
    const result = { tags: ['new'] };
    const { event } = await audit({ metadata: ({ result }) => result as object }, () => result);
    result.tags.push('changed');
    expect(event.metadata).toEqual({ tags: ['new'] });
  });

  it('may come later, and the caller does not wait for it', async () => {
    let answer: (metadata: object) => void = () => undefined;
    const { app, sink } = await bootWith(
      { metadata: () => new Promise<Record<string, unknown>>((resolve) => (answer = resolve as never)) },
      () => 'placed',
    );
    expect(app.get(Orders).place(order())).toBe('placed');
    expect(sink.rest).toEqual([]);
    answer({ late: true });
    expect((await sink.take()).metadata).toEqual({ late: true });
  });

  it('that never comes holds the record back until the app is shut down at the latest', async () => {
    const { app, sink } = await bootWith({ metadata: () => new Promise(() => undefined) }, () => 'placed');
    app.get(Orders).place(order());
    const event = sink.take();
    await app.close();
    expect((await event).fields).toMatchObject({
      outcome: 'success',
      metadata_error: stillPendingAtShutdown(),
    });
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('hostile');
      },
      'hostile',
    ],
    ['rejects', () => Promise.reject(new Error('hostile')), 'hostile'],
    [
      'throws something that cannot be printed',
      () => {
        throw Object.create(null);
      },
      '[A value that cannot be printed]',
    ],
  ] as const)('that %s changes nothing for the caller', async (_, metadata, problem) => {
    const { event, returned } = await audit({
      metadata,
      target: metadata as never,
      message: metadata as never,
    });
    expect(returned).toEqual({ placed: 'o1' });
    expect(event.metadata).toEqual({});
    expect(event.message).toBe('instance_spawn succeeded');
    expect(event.fields).toMatchObject({
      outcome: 'success',
      metadata_error: expect.stringContaining(problem),
    });
  });

  it('that is no object is kept as a value', async () => {
    const { event } = await audit({ metadata: (() => 'text') as never });
    expect(event.metadata).toEqual({ value: 'text' });
  });
});

describe('target', () => {
  it.each<[AuditOptions<Place>['target'], object[]]>([
    ['o1', [{ id: 'o1' }]],
    [{ type: 'order', id: 'o1' }, [{ type: 'order', id: 'o1' }]],
    [
      ({ args: [{ id }] }) => ['a', 5, { type: 'order', id }],
      [{ id: 'a' }, { id: '5' }, { type: 'order', id: 'o1' }],
    ],
  ])('%# becomes targets', async (target, targets) => {
    expect((await audit({ target })).event.fields['targets']).toEqual(targets);
  });

  it('that is undefined leaves the field out', async () => {
    expect((await audit({ target: () => undefined })).event.fields).not.toHaveProperty('targets');
  });
});

describe('message, level, skip and errors', () => {
  it('message may be a text or made of the call', async () => {
    expect((await audit({ message: 'Order placed' })).event.message).toBe('Order placed');
    const { event } = await audit({ message: ({ args: [{ id }], outcome }) => `${id}: ${outcome}` });
    expect(event.message).toBe('o1: success');
  });

  it('level counts for every outcome', async () => {
    const fail: Place = () => {
      throw new Error('no');
    };
    expect((await audit({ level: 'debug' })).event.level).toBe('debug');
    expect((await audit({ level: 'debug' }, fail)).event.level).toBe('debug');
  });

  it('skip leaves a record out, and one that throws does not', async () => {
    const { app, sink } = await bootWith({ skip: ({ result }) => result === 'skip' }, (_, result) => result);
    app.get(Orders).place(order(), 'skip');
    app.get(Orders).place(order(), 'keep');
    expect((await sink.take()).fields).toMatchObject({ outcome: 'success' });
    const skip = (): boolean => {
      throw new Error('hostile');
    };
    expect((await audit({ skip })).event.fields).toMatchObject({ outcome: 'success' });
  });

  it('errors describes what only the app understands', async () => {
    class OutOfStock extends Error {}
    const fail: Place = () => {
      throw new OutOfStock('secret detail');
    };
    const errors = (error: unknown) =>
      error instanceof OutOfStock
        ? ({ message: 'out of stock', status: 409, reason: 'denied' } as const)
        : undefined;
    const { event, returned } = await audit({ errors }, fail);
    expect(returned).toBeInstanceOf(OutOfStock);
    expect(event.fields).toMatchObject({
      reason: 'denied',
      error: { name: 'OutOfStock', message: 'out of stock', status: 409 },
    });
    expect(event.message).toBe('instance_spawn denied: out of stock');
    const broken = await audit(
      {
        errors: () => {
          throw new Error('hostile');
        },
      },
      fail,
    );
    expect(broken.event.fields).toMatchObject({ reason: 'error', error: { message: 'secret detail' } });
  });
});

describe('include and redact', () => {
  it('arguments and result stay out unless they are asked for', async () => {
    expect(Object.keys((await audit({})).event.fields)).toEqual(['outcome', 'duration_ms']);
    const { event } = await audit({ include: { args: true, result: true } });
    expect(Object.keys(event.fields)).toEqual(['args', 'result', 'outcome', 'duration_ms']);
    expect(event.fields).toMatchObject({ args: [order()], result: { placed: 'o1' } });
  });

  it('of what is alive only the name is told', async () => {
    const { event } = await audit(
      { include: { args: true, result: true } },
      () => new EventEmitter(),
      new EventEmitter(),
    );
    expect(event.fields).toMatchObject({ args: [order(), '[EventEmitter]'], result: '[EventEmitter]' });
  });

  it('a request that is an argument is never told', async () => {
    @Controller()
    class RequestController {
      @Audit('state_change', { include: { args: true } })
      @Get(':id')
      find(@Req() _: object, @Param('id') id: string): string {
        return id;
      }
    }
    const { url, sink } = await boot({ controllers: [RequestController] });
    await fetch(`${url}/5`, { headers: { authorization: 'Bearer secret' } });
    const event = await sink.take();
    expect(event.fields['args']).toEqual(['[IncomingMessage]', '5']);
    expect(JSON.stringify(event)).not.toContain('secret');
  });

  it('redact hides fields at any depth', async () => {
    const secrets = { password: 'p1', nested: [{ Token: 't1', kept: 1 }], map: new Map([['token', 't2']]) };
    const { event } = await audit(
      {
        include: { args: true, result: true },
        redact: ['password', 'TOKEN'],
        metadata: ({ args: [, more] }) => ({ more }),
      },
      () => secrets,
      secrets,
    );
    expect(event.metadata).toMatchObject({ more: { password: '[redacted]', nested: [{ kept: 1 }] } });
    expect(JSON.stringify(event)).not.toMatch(/p1|t1|t2/);
    expect(secrets).toMatchObject({ password: 'p1', nested: [{ Token: 't1' }] });
  });
});

describe('the defaults of a class', () => {
  @Injectable()
  @Audit({ level: 'verbose', metadata: { area: 'orders' }, include: { args: true }, redact: ['pin'] })
  class Base {
    @Audit('instance_spawn')
    plain(_: object): void {}

    @Audit('instance_spawn', { level: 'warn', metadata: {}, include: { result: true }, redact: ['puk'] })
    own(data: object): object {
      return data;
    }
  }

  @Injectable()
  class Sub extends Base {}

  @Injectable()
  @Audit({ level: 'debug' })
  class OwnDefaults extends Base {}

  it('count for its methods, which may say otherwise', async () => {
    const { app, sink } = await boot({ providers: [Base] });
    app.get(Base).plain({ pin: 1 });
    expect(await sink.take()).toMatchObject({
      level: 'verbose',
      metadata: { area: 'orders' },
      fields: { args: [{ pin: '[redacted]' }] },
    });
    app.get(Base).own({ pin: 1, puk: 2 });
    const event = await sink.take();
    expect(event).toMatchObject({ level: 'warn', metadata: {} });
    expect(event.fields['args']).toEqual([{ pin: '[redacted]', puk: '[redacted]' }]);
    expect(event.fields['result']).toEqual({ pin: '[redacted]', puk: '[redacted]' });
  });

  it('are inherited, and replaced by those of a subclass', async () => {
    const { app, sink } = await boot({ providers: [Sub, OwnDefaults] });
    app.get(Sub).plain({});
    expect(await sink.take()).toMatchObject({ logger: 'audit.Sub', level: 'verbose' });
    app.get(OwnDefaults).plain({});
    expect(await sink.take()).toMatchObject({ logger: 'audit.OwnDefaults', level: 'debug', metadata: {} });
  });
});

describe('a sink that fails', () => {
  it.each<[string, () => never | Promise<never>]>([
    [
      'throws',
      () => {
        throw new Error('disk full');
      },
    ],
    ['rejects', () => Promise.reject(new Error('disk full'))],
  ])('changes nothing for the caller (%s), and is told of once', async (_, fail) => {
    class FailingSink extends MemorySink {
      override record = fail as never;
    }
    const warning = new Promise((resolve) => process.once('warning', ({ message }) => resolve(message)));
    const { app } = await bootWith({}, () => 'placed', new FailingSink());
    expect(app.get(Orders).place(order())).toBe('placed');
    expect(app.get(Orders).place(order())).toBe('placed');
    expect(await warning).toBe(recordLost('instance_spawn', new Error('disk full')));
    expect(app.get(AuditRecorder).failures).toBe(2);
  });
});

describe('arguments', () => {
  class Money {
    constructor(public amount: number) {}
    get text(): string {
      return `${this.amount} EUR`;
    }
  }

  it('of a class keep their methods in the copy', async () => {
    const { event } = await audit(
      { metadata: ({ args: [, money] }) => ({ text: (money as Money).text, same: money instanceof Money }) },
      (_, money) => ((money as Money).amount = 0),
      new Money(5),
    );
    expect(event.metadata).toEqual({ text: '5 EUR', same: true });
  });

  it('that nobody asks for are not even looked at', async () => {
    const hostile = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('hostile');
        },
      },
    );
    const { event } = await audit({}, () => 'placed', hostile);
    expect(event.fields).toMatchObject({ outcome: 'success' });
  });
});

describe('an audited provider', () => {
  @Injectable()
  class Service {
    @Audit('state_change')
    change(): void {}
  }

  @Controller()
  class CallingController {
    constructor(@Inject(Service) private readonly service: Service) {}

    @Get('audited/:id')
    @Audit('instance_spawn')
    audited(): void {
      this.service.change();
    }

    @Get('plain/:id')
    plain(): void {
      this.service.change();
    }
  }

  it('knows the request of the audited handler that calls it', async () => {
    const { url, sink } = await boot({ controllers: [CallingController], providers: [Service] });
    await fetch(`${url}/audited/1`);
    expect(await sink.take()).toMatchObject({
      action: 'state_change',
      fields: { request: { route: '/audited/:id' } },
    });
    expect(await sink.take()).toMatchObject({ action: 'instance_spawn' });
    await fetch(`${url}/plain/1`);
    expect((await sink.take()).fields).not.toHaveProperty('request');
  });
});
