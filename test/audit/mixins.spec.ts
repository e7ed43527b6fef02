import { Controller, Get, Inject, Injectable, mixin, type Type } from '@nestjs/common';
import { expect, it } from 'vitest';
import { Audit } from '../../src/audit/decorate/audit.decorator.js';
import { AuditLogger } from '../../src/audit/audit-logger.js';
import { boot } from './harness/boot.js';

interface Counter {
  count(): string;
}

function countingMixin(): Type<Counter> {
  class CountingService implements Counter {
    @Audit('state_change')
    count(): string {
      return 'counted';
    }
  }
  return mixin(CountingService);
}

function listing(entity: string): Type<{ list(): string }> {
  @Controller(entity)
  class ListController {
    @Get()
    @Audit('state_change')
    list(): string {
      return entity;
    }
  }
  return mixin(ListController);
}

class UsersController extends listing('users') {}
Controller('users')(UsersController);

@Injectable()
class BaseJobs {
  constructor(@Inject(AuditLogger) readonly audit: AuditLogger) {}
}

function jobs(): Type<BaseJobs> {
  class Jobs extends BaseJobs {}
  return mixin(Jobs);
}

function nameless(): Type<BaseJobs> {
  class Jobs {
    constructor(readonly audit: AuditLogger) {}
  }
  Inject(AuditLogger)(Jobs, undefined, 0);
  return mixin(Jobs) as Type<BaseJobs>;
}

it('an audited mixin has the logger name of its definition, at every start', async () => {
  const [Once, Again] = [countingMixin(), countingMixin()];
  expect(Once.name).not.toBe(Again.name);
  const { app, sink } = await boot({ providers: [Once, Again] });
  for (const type of [Once, Again]) {
    app.get<Counter>(type).count();
    expect((await sink.take()).logger).toBe('audit.CountingService');
  }
});

it('a mixin of a controller has it over HTTP, too; a class that extends it has a name of its own', async () => {
  const { url, sink } = await boot({ controllers: [UsersController, listing('orders')] });
  await fetch(`${url}/users`);
  expect((await sink.take()).logger).toBe('audit.UsersController');
  await fetch(`${url}/orders`);
  expect((await sink.take()).logger).toBe('audit.ListController');
});

it('an injected logger has the name of what a mixin extends, or the same one for all that have none', async () => {
  const [Extending, Nameless] = [jobs(), nameless()];
  const { app } = await boot({ providers: [Extending, Nameless] });
  expect(app.get(Extending).audit.name).toBe('audit.BaseJobs');
  expect(app.get(Nameless).audit.name).toBe('audit.Mixin');
});
