import {
  Controller,
  Get,
  Injectable,
  Logger,
  Scope,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type Type,
} from '@nestjs/common';
import { type AbstractHttpAdapter } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Audit } from '../../src/audit/decorate/audit.decorator.js';
import { auditHidden } from '../../src/audit/audit.messages.js';
import { boot } from './harness/boot.js';

interface Call {
  readonly headers: Record<string, string>;
  user?: object;
}

@Injectable()
class HeaderGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const call = context.switchToHttp().getRequest<Call>();
    call.user = { id: 7 };
    return call.headers['x-refuse'] === undefined;
  }
}

/** A foreign decorator as many are written: it wraps the method, and what others have attached to that is gone. */
const foreign: MethodDecorator = (_, __, descriptor: PropertyDescriptor) => {
  const original = descriptor.value as (...args: unknown[]) => unknown;
  descriptor.value = function (this: unknown, ...args: unknown[]) {
    return Reflect.apply(original, this, args);
  };
};

@Controller('wrapped')
@UseGuards(HeaderGuard)
class WrappedController {
  @Get('one')
  @foreign
  @Audit('state_change')
  one(): string {
    return 'one';
  }

  @Get('two')
  @foreign
  @foreign
  @Audit('state_change')
  two(): string {
    return 'two';
  }

  @Get('plain')
  plain(): string {
    return 'plain';
  }
}

@Controller('bound')
@UseGuards(HeaderGuard)
class BoundController {
  constructor() {
    this.one = this.one.bind(this);
  }

  @Get('one')
  @Audit('state_change')
  one(): string {
    return 'one';
  }
}

@Controller({ path: 'bound', scope: Scope.REQUEST })
@UseGuards(HeaderGuard)
class BoundPerRequestController {
  constructor() {
    this.one = this.one.bind(this);
  }

  @Get('one')
  @Audit('state_change')
  one(): string {
    return 'one';
  }
}

class BaseController {
  @Get('one')
  @foreign
  @Audit('state_change')
  one(): string {
    return 'one';
  }
}

@Controller('inherited')
@UseGuards(HeaderGuard)
class InheritingController extends BaseController {
  constructor() {
    super();
    this.one = this.one.bind(this);
  }
}

/** Composition as TypeScript's handbook shows it: methods are copied from one prototype to another. */
@Controller('copied')
@UseGuards(HeaderGuard)
class CopyingController {}
Object.defineProperty(
  CopyingController.prototype,
  'one',
  Object.getOwnPropertyDescriptor(BoundController.prototype, 'one') as PropertyDescriptor,
);

const ADAPTERS: [string, () => AbstractHttpAdapter][] = [
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
];

const CASES: [string, Type, string, string][] = [
  ['behind a foreign decorator', WrappedController, 'wrapped/one', 'WrappedController'],
  ['behind two of them', WrappedController, 'wrapped/two', 'WrappedController'],
  ['bound to its instance', BoundController, 'bound/one', 'BoundController'],
  [
    'bound to an instance for one request',
    BoundPerRequestController,
    'bound/one',
    'BoundPerRequestController',
  ],
  [
    'inherited, behind a foreign decorator, and bound',
    InheritingController,
    'inherited/one',
    'InheritingController',
  ],
  ['copied from another class', CopyingController, 'copied/one', 'CopyingController'],
];

const warnings = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
afterEach(() => warnings.mockClear());

describe.each(ADAPTERS)('an audited handler that Nest sees only from outside (%s)', (_, adapter) => {
  it.each(CASES)(
    'is recorded when it succeeds and when it is refused (%s)',
    async (_case, type, path, name) => {
      const { url, sink } = await boot({ controllers: [type], providers: [HeaderGuard], adapter: adapter() });
      expect(await (await fetch(`${url}/${path}`)).text()).toBe(path.split('/')[1]);
      const event = await sink.take();
      expect(event.logger).toBe(`audit.${name}`);
      expect(event.fields).toMatchObject({
        outcome: 'success',
        actor: { id: '7' },
        request: { method: 'GET', route: `/${path}`, ip: '127.0.0.1' },
      });
      expect((await fetch(`${url}/${path}`, { headers: { 'x-refuse': '1' } })).status).toBe(403);
      expect((await sink.take()).fields).toMatchObject({
        outcome: 'failure',
        reason: 'denied',
        actor: { id: '7' },
        request: { method: 'GET', route: `/${path}` },
      });
      expect(warnings).not.toHaveBeenCalled();
    },
  );

  it('leaves the handlers beside it alone', async () => {
    const { url, sink } = await boot({
      controllers: [WrappedController],
      providers: [HeaderGuard],
      adapter: adapter(),
    });
    expect(await (await fetch(`${url}/wrapped/plain`)).text()).toBe('plain');
    expect((await fetch(`${url}/wrapped/plain`, { headers: { 'x-refuse': '1' } })).status).toBe(403);
    expect(sink.rest).toEqual([]);
  });

  it('is recorded by the app that was called, where two share the class', async () => {
    const bootOne = () =>
      boot({ controllers: [WrappedController], providers: [HeaderGuard], adapter: adapter() });
    const apps = [await bootOne(), await bootOne()];
    for (const { url, sink } of apps) {
      await fetch(`${url}/wrapped/one`);
      expect((await sink.take()).fields).toMatchObject({ outcome: 'success', actor: { id: '7' } });
      await fetch(`${url}/wrapped/one`, { headers: { 'x-refuse': '1' } });
      expect((await sink.take()).fields).toMatchObject({ reason: 'denied' });
    }
  });
});

describe('an audited handler that nobody can recognise', () => {
  it('is warned of at start: an instance whose methods are made anew whenever they are asked for', async () => {
    @Controller('proxied')
    @UseGuards(HeaderGuard)
    class ProxiedController {
      constructor() {
        return new Proxy(this, {
          get: (target, key) => {
            const value: unknown = Reflect.get(target, key);
            return typeof value === 'function' && key !== 'constructor' ? value.bind(target) : value;
          },
        });
      }

      @Get('one')
      @Audit('state_change')
      one(): string {
        return 'one';
      }
    }
    const { url, sink } = await boot({ controllers: [ProxiedController], providers: [HeaderGuard] });
    expect(warnings.mock.calls.flat()).toEqual([auditHidden('ProxiedController', 'one')]);
    await fetch(`${url}/proxied/one`);
    expect((await sink.take()).fields).toMatchObject({ outcome: 'success' });
  });

  it('is warned of at start: one function that stands in for two methods', async () => {
    const shared = function (this: unknown): string {
      return 'shared';
    };
    const sharing: MethodDecorator = (_, __, descriptor: PropertyDescriptor) => {
      descriptor.value = shared;
    };
    @Controller('shared')
    class SharedController {
      @sharing
      @Audit('state_change')
      one(): string {
        return 'one';
      }

      @sharing
      @Audit('config_change' as 'state_change')
      two(): string {
        return 'two';
      }
    }
    await boot({ controllers: [SharedController] });
    expect(warnings.mock.calls.flat()).toEqual([
      auditHidden('SharedController', 'one'),
      auditHidden('SharedController', 'two'),
    ]);
  });
});

it('a second @Audit() above a foreign decorator is refused as one without it', () => {
  expect(() => {
    class Twice {
      @Audit('state_change')
      @foreign
      @Audit('state_change')
      one(): void {}
    }
    return Twice;
  }).toThrow(/two @Audit\(\) decorators/);
});
