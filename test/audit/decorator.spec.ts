import {
  applyDecorators,
  Controller,
  createParamDecorator,
  Get,
  Header,
  HttpCode,
  Injectable,
  Logger,
  Param,
  ParseIntPipe,
  Post,
  Query,
  SetMetadata,
  UseGuards,
  UseInterceptors,
  type CanActivate,
  type ExecutionContext,
  type LoggerService,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { map } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Audit } from '../../src/audit/decorate/audit.decorator.js';
import * as messages from '../../src/audit/audit.messages.js';
import { boot } from './harness/boot.js';

const Method = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  return context.switchToHttp().getRequest<{ method: string }>().method;
});

const Roles = Reflector.createDecorator<string[]>();

@Injectable()
class RolesGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const roles = new Reflector().get(Roles, context.getHandler());
    return (
      roles?.includes(String(context.switchToHttp().getRequest<{ query: { role?: string } }>().query.role)) ??
      true
    );
  }
}

const shouting = {
  intercept: (_: ExecutionContext, next: { handle(): import('rxjs').Observable<unknown> }) =>
    next.handle().pipe(map((text) => `${String(text)}!`)),
};

const AsRoute = (path: string): MethodDecorator =>
  applyDecorators(
    Post(path),
    HttpCode(202),
    Header('x-by', 'nest'),
    Roles(['admin']),
    UseGuards(RolesGuard),
    UseInterceptors(shouting),
    SetMetadata('mark', path),
  );

@Controller()
class OrderController {
  @AsRoute('below/:id')
  @Audit('state_change')
  below(
    @Param('id', ParseIntPipe) id: number,
    @Method() method: string,
    @Query('role') role: string,
  ): string {
    return `${id} ${method} ${role}`;
  }

  @Audit('state_change')
  @AsRoute('above/:id')
  above(
    @Param('id', ParseIntPipe) id: number,
    @Method() method: string,
    @Query('role') role: string,
  ): string {
    return `${id} ${method} ${role}`;
  }
}

describe.each(['below', 'above'] as const)('@Audit() %s the other decorators', (path) => {
  it('leaves route, guards, interceptors, pipes and parameters alone', async () => {
    const { url, sink } = await boot({ controllers: [OrderController], providers: [RolesGuard] });
    const ok = await fetch(`${url}/${path}/5?role=admin`, { method: 'POST' });
    expect([ok.status, ok.headers.get('x-by'), await ok.text()]).toEqual([202, 'nest', '5 POST admin!']);
    expect((await sink.take()).fields).toMatchObject({ outcome: 'success' });

    expect((await fetch(`${url}/${path}/5?role=guest`, { method: 'POST' })).status).toBe(403);
    expect((await sink.take()).fields).toMatchObject({ reason: 'denied' });

    expect((await fetch(`${url}/${path}/five?role=admin`, { method: 'POST' })).status).toBe(400);
    expect((await sink.take()).fields).toMatchObject({ reason: 'validation' });
  });

  it('keeps name, length and metadata of the method', () => {
    const method = OrderController.prototype[path];
    expect([method.name, method.length]).toEqual([path, 3]);
    expect(Reflect.getMetadata('mark', method)).toBe(`${path}/:id`);
    expect(Reflect.getMetadata('design:paramtypes', OrderController.prototype, path)).toHaveLength(3);
  });
});

it('@Audit() keeps what others put on the method itself', () => {
  const tag: MethodDecorator = (_, __, descriptor) => {
    Object.assign(descriptor.value as object, { tag: 'kept' });
  };
  class Tagged {
    @Audit('state_change')
    @tag
    run(): void {}
  }
  expect(Tagged.prototype.run).toHaveProperty('tag', 'kept');
});

describe('@Audit() refuses at the class definition', () => {
  const where = 'Wrong.run';

  it('a missing action', () => {
    expect(() => {
      class Wrong {
        @Audit('' as never)
        run(): void {}
      }
      return Wrong;
    }).toThrow(messages.decoratorActionMissing(where));
    expect(() => {
      class Wrong {
        @(Audit({ level: 'log' }) as MethodDecorator)
        run(): void {}
      }
      return Wrong;
    }).toThrow(messages.defaultsOnMethod(where));
  });

  it('an action on a class', () => {
    expect(() => {
      @(Audit('state_change') as ClassDecorator)
      class Wrong {}
      return Wrong;
    }).toThrow(messages.actionOnClass('Wrong'));
  });

  it('what is no method of an instance', () => {
    expect(() => {
      class Wrong {
        @(Audit('state_change') as PropertyDecorator)
        run = (): void => undefined;
      }
      return Wrong;
    }).toThrow(messages.notAMethod(where));
    expect(() => {
      class Wrong {
        @Audit('state_change')
        static run(): void {}
      }
      return Wrong;
    }).toThrow(TypeError);
    expect(() => {
      class Wrong {
        @Audit('state_change')
        get run(): number {
          return 1;
        }
      }
      return Wrong;
    }).toThrow(messages.notAMethod(where));
  });

  it('two of its kind on one method', () => {
    expect(() => {
      class Wrong {
        @Audit('state_change')
        @Audit('error')
        run(): void {}
      }
      return Wrong;
    }).toThrow(messages.auditedTwice(where));
  });

  it('unknown failure policies and levels', () => {
    expect(() => {
      class Wrong {
        @Audit('state_change', { failure: 'ajar' as 'open' })
        run(): void {}
      }
      return Wrong;
    }).toThrow(messages.failureUnknown(where, 'ajar'));
    expect(() => {
      @Audit({ failure: 'ajar' as 'open' })
      class Wrong {}
      return Wrong;
    }).toThrow(messages.failureUnknown('Wrong', 'ajar'));
    expect(() => {
      class Wrong {
        @Audit('state_change', { level: 'loud' as 'log' })
        run(): void {}
      }
      return Wrong;
    }).toThrow(messages.decoratorLevelUnknown(where, 'loud'));
  });

  it("failure: 'closed' on a method that is synchronous for certain", () => {
    expect(() => {
      class Wrong {
        @Audit('state_change', { failure: 'closed' as 'open' })
        run(): string {
          return 'at once';
        }
      }
      return Wrong;
    }).toThrow(messages.closedIsSynchronous(where));
    expect(() => {
      class Wrong {
        @Audit('state_change', { failure: 'closed' as 'open' })
        *run(): Generator<number> {
          yield 1;
        }
      }
      return Wrong;
    }).toThrow(messages.closedIsSynchronous(where));
  });
});

describe('inheritance', () => {
  class Base {
    @Audit('state_change')
    change(): string {
      return 'base';
    }

    @Audit('error')
    kept(): string {
      return 'kept';
    }
  }

  @Injectable()
  class Silent extends Base {
    override change(): string {
      return 'silent';
    }
  }

  @Injectable()
  class Audited extends Base {
    @Audit('instance_spawn')
    override change(): string {
      return super.change();
    }
  }

  const warn = vi.fn<(message: string, context: string) => void>();
  const quiet = (): void => undefined;
  const logger: LoggerService = { log: quiet, error: quiet, warn };

  afterEach(() => {
    warn.mockClear();
    Logger.overrideLogger(false);
  });

  it('warns at start-up of an override that is not audited', async () => {
    const { app, sink } = await boot({
      providers: [Silent, Audited, Base],
      before: () => Logger.overrideLogger(logger),
    });
    expect(warn.mock.calls).toEqual([
      [messages.overrideNotAudited('Silent', 'change', 'Base'), 'LogStreamModule'],
    ]);
    expect(app.get(Silent).change()).toBe('silent');
    expect(app.get(Silent).kept()).toBe('kept');
    expect(await sink.take()).toMatchObject({ action: 'error', logger: 'audit.Silent' });
  });

  it('records an audited override and the audited method that it calls', async () => {
    const { app, sink } = await boot({ providers: [Audited] });
    app.get(Audited).change();
    expect(await sink.take()).toMatchObject({ action: 'state_change', logger: 'audit.Audited' });
    expect(await sink.take()).toMatchObject({ action: 'instance_spawn', logger: 'audit.Audited' });
  });

  it('keeps the guards of a parent controller', async () => {
    @UseGuards(RolesGuard)
    class ParentController {
      @Get('parent')
      @Roles(['admin'])
      parent(): string {
        return 'parent';
      }
    }
    @Controller()
    class ChildController extends ParentController {
      @Get('child')
      @Roles(['admin'])
      @Audit('state_change')
      child(): string {
        return 'child';
      }
    }
    const { url, sink } = await boot({ controllers: [ChildController], providers: [RolesGuard] });
    expect((await fetch(`${url}/parent`)).status).toBe(403);
    expect((await fetch(`${url}/child`)).status).toBe(403);
    expect((await sink.take()).fields).toMatchObject({ reason: 'denied' });
  });
});

describe('an object that no app has constructed', () => {
  it('is called through, and warned of once', () => {
    class Lonely {
      @Audit('state_change')
      run(value: number): number {
        return value + 1;
      }
    }
    const warning = vi.spyOn(process, 'emitWarning').mockReturnValue();
    expect(new Lonely().run(1)).toBe(2);
    expect(new Lonely().run(2)).toBe(3);
    expect(warning.mock.calls).toEqual([[messages.recorderMissing('Lonely', 'run'), 'AuditWarning']]);
    warning.mockRestore();
  });
});
