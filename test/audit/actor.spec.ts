import { Controller, Get, Inject, Injectable, Scope, UseGuards, type ExecutionContext } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { toActor, UNKNOWN_ACTOR } from '../../src/audit/describe/actor.js';
import { AuditActorResolver, type AuditActorQuery } from '../../src/audit/describe/audit-actor-resolver.js';
import { type AuditOptions } from '../../src/audit/describe/audit-options.js';
import { Audit } from '../../src/audit/decorate/audit.decorator.js';
import { AuditInterceptor } from '../../src/audit/nest/audit.interceptor.js';
import { resolverNotStatic } from '../../src/audit/audit.messages.js';
import { runAs } from '../../src/audit/describe/run-as.js';
import { boot, type BootOptions } from './harness/boot.js';

const userGuard = {
  canActivate: (context: ExecutionContext): boolean => {
    context.switchToHttp().getRequest<{ user?: unknown }>().user = { id: 'from-request' };
    return true;
  },
};

/** Calls an audited handler with a user on the request, and returns the actor that was recorded. */
async function actorOf(actor: AuditOptions['actor'], { providers = [], ...options }: BootOptions = {}) {
  @Controller()
  class WhoController {
    @Audit('state_change', { actor })
    @UseGuards(userGuard)
    @Get()
    who(): string {
      return 'ok';
    }
  }
  const { url, sink } = await boot({ controllers: [WhoController], providers, ...options });
  const response = await fetch(url, { headers: { 'x-user': 'forged' } });
  expect(await response.text()).toBe('ok');
  return (await sink.take()).fields['actor'];
}

function resolver(resolve: (query: AuditActorQuery) => unknown) {
  return { provide: AuditActorResolver, useValue: { resolve } };
}

describe('the actor', () => {
  it('is the user of the request', async () => {
    expect(await actorOf(undefined)).toEqual({ id: 'from-request' });
  });

  it('is whom the resolver of the app names, at once or later', async () => {
    expect(await actorOf(undefined, { providers: [resolver(({ action }) => ({ id: action }))] })).toEqual({
      id: 'state_change',
    });
    const later = resolver(async ({ context }) => context?.getType());
    expect(await actorOf(undefined, { providers: [later] })).toEqual({ id: 'http' });
  });

  it('is the user of the request when the resolver passes', async () => {
    for (const resolve of [() => undefined, async () => null]) {
      expect(await actorOf(undefined, { providers: [resolver(resolve)] })).toEqual({ id: 'from-request' });
    }
  });

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('hostile');
      },
    ],
    ['rejects', () => Promise.reject(new Error('hostile'))],
  ])('is unknown when the resolver %s', async (_, resolve) => {
    expect(await actorOf(undefined, { providers: [resolver(resolve)] })).toEqual(UNKNOWN_ACTOR);
  });

  it('is unknown when the resolver does not answer, and the response does not wait', async () => {
    @Injectable()
    class Jobs {
      @Audit('state_change')
      run(): string {
        return 'done';
      }
    }
    const { app, sink } = await boot({ providers: [Jobs, resolver(() => new Promise(() => undefined))] });
    expect(app.get(Jobs).run()).toBe('done');
    const event = sink.take();
    await app.close();
    expect((await event).fields['actor']).toEqual(UNKNOWN_ACTOR);
  });

  it('is what the option says, before everybody else', async () => {
    const providers = [resolver(() => 'from-resolver')];
    expect(await actorOf('system', { providers })).toEqual({ id: 'system' });
    expect(await actorOf({ id: 'job', type: 'service' }, { providers })).toEqual({
      id: 'job',
      type: 'service',
    });
    expect(await actorOf(({ action }) => action, { providers })).toEqual({ id: 'state_change' });
    expect(await actorOf(async () => undefined, { providers })).toEqual({ id: 'from-resolver' });
    expect(
      await actorOf(() => {
        throw new Error('hostile');
      }),
    ).toEqual(UNKNOWN_ACTOR);
  });

  it('is whom runAs() names, for all that happens meanwhile', async () => {
    @Injectable()
    class Nightly {
      @Audit('state_change')
      async clean(): Promise<void> {}
    }
    const { app, sink } = await boot({ providers: [Nightly, resolver(() => 'from-resolver')] });
    const done = runAs({ id: 'cron', type: 'job' }, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return app
        .get(Nightly)
        .clean()
        .then(() => 'done');
    });
    expect(await done).toBe('done');
    expect((await sink.take()).fields['actor']).toEqual({ id: 'cron', type: 'job' });
    await app.get(Nightly).clean();
    expect((await sink.take()).fields['actor']).toEqual({ id: 'from-resolver' });
  });

  it('reaches audited providers of other handlers when the interceptor is global', async () => {
    @Injectable()
    class Service {
      @Audit('state_change')
      change(): void {}
    }
    @Controller()
    @UseGuards(userGuard)
    class PlainController {
      constructor(@Inject(Service) private readonly service: Service) {}

      @Get()
      plain(): void {
        this.service.change();
      }
    }
    const { url, sink } = await boot({
      controllers: [PlainController],
      providers: [Service],
      before: (app) => app.useGlobalInterceptors(app.get(AuditInterceptor)),
    });
    await fetch(url);
    expect((await sink.take()).fields).toMatchObject({
      actor: { id: 'from-request' },
      request: { route: '/' },
    });
  });

  it('cannot be resolved per request', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class ScopedResolver extends AuditActorResolver {
      override resolve(): string {
        return 'anybody';
      }
    }
    const providers = [{ provide: AuditActorResolver, useClass: ScopedResolver }];
    await expect(boot({ providers })).rejects.toThrow(resolverNotStatic());
  });
});

describe('toActor()', () => {
  it.each([
    [undefined, undefined],
    [null, undefined],
    ['', undefined],
    ['ada', { id: 'ada' }],
    [7, { id: '7' }],
    [7n, { id: '7' }],
    [{ id: 0 }, { id: '0' }],
    [
      { sub: 'auth0|1', name: 'Ada' },
      { id: 'auth0|1', name: 'Ada' },
    ],
    [{ _id: { toHexString: () => 'abc' } }, { id: 'abc' }],
    [{ username: 'ada', password: 'p', roles: ['admin'] }, { id: 'ada' }],
    [
      { id: 1, username: 'ada', type: 'user' },
      { id: '1', name: 'ada', type: 'user' },
    ],
    [{ roles: ['admin'] }, UNKNOWN_ACTOR],
    [
      Object.defineProperty({}, 'id', {
        get: () => {
          throw new Error('hostile');
        },
      }),
      UNKNOWN_ACTOR,
    ],
  ])('%# takes only what identifies', (value, actor) => {
    expect(toActor(value)).toEqual(actor);
  });
});
