import { Injectable, type INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  Audit,
  AuditLogger,
  AuditSink,
  LogStreamModule,
  type LogStreamOptions,
  setupLogStreaming,
} from 'nestjs-log-stream';
import fc from 'fast-check';
import { firstValueFrom } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AuditRedactor } from '../../src/audit/deliver/audit-redactor.js';
import { monitoredApp } from '../harness/monitored-app.js';
import { anyCarried } from '../unit/support/carriers.js';
import { anyNesting } from '../unit/support/secrets.js';
import { DurableSink } from './harness/durable-sink.js';

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';
const SECRETS = /eyJhbGci|hunter2|4111111111111111|4111 1111/;

@Injectable()
class Users {
  constructor(readonly audit: AuditLogger) {}

  @Audit<Users['login']>('state_change', {
    failure: 'closed',
    metadata: ({ args: [, password] }) => ({ password, at: new Date(0) }),
    target: ({ args: [token] }) => ({ id: token }),
  })
  async login(token: string, password: string): Promise<void> {
    throw new Error(`no user for ${token} (${password.length})`);
  }
}

let app: INestApplication | undefined;

afterEach(async () => {
  await app?.close();
});

async function bootUsers(sink: AuditSink, options: LogStreamOptions = {}): Promise<Users> {
  const testing = await Test.createTestingModule({
    imports: [LogStreamModule.forRoot({ logger: false, ...options })],
    providers: [Users],
  })
    .overrideProvider(AuditSink)
    .useValue(sink)
    .compile();
  app = testing.createNestApplication();
  setupLogStreaming(app);
  await app.init();
  return app.get(Users);
}

describe("an application's own sink", () => {
  it('gets intents and records without secrets', async () => {
    const sink = new DurableSink();
    const users = await bootUsers(sink);
    await expect(users.login(TOKEN, 'hunter2')).rejects.toThrow(TOKEN);
    const [intent, outcome] = [sink.takeIntent(), await sink.take()];
    expect(intent.metadata).toEqual({ password: '[REDACTED]', at: '1970-01-01T00:00:00.000Z' });
    expect(outcome.fields).toMatchObject({ intent: intent.id, outcome: 'failure', error: { name: 'Error' } });
    expect(outcome.message).toMatch(/^state_change failed: no user for /);
    await users.audit.log(`card 4111 1111 1111 1111`, {
      action: 'state_change',
      metadata: { secret: 'hunter2' },
    });
    const logged = await sink.take();
    expect(logged).toMatchObject({
      origin: 'api',
      level: 'log',
      logger: 'audit.Users',
      action: 'state_change',
    });
    for (const event of [intent, outcome, logged]) expect(JSON.stringify(event)).not.toMatch(SECRETS);
  });

  it('gets no secret that is beside its name, at any depth', async () => {
    const sink = new DurableSink();
    const users = await bootUsers(sink);
    await fc.assert(
      fc.asyncProperty(anyNesting, anyCarried, async (nest, { value, core }) => {
        await users.audit.log('m', { action: 'state_change', metadata: { value: nest(value) } });
        expect(JSON.stringify(await sink.take())).not.toContain(core);
      }),
      { numRuns: 100 },
    );
  });

  it('gets the fields of the context option, and is told what was cut', async () => {
    const sink = new DurableSink();
    const users = await bootUsers(sink, { context: () => ({ request_id: 'r1' }) });
    await users.audit.log('text', { action: 'state_change', metadata: { long: 'x'.repeat(100_000) } });
    expect((await sink.take()).fields).toEqual({ request_id: 'r1', truncated: true });
  });

  it('gets what a later change does not touch', async () => {
    const sink = new DurableSink();
    const users = await bootUsers(sink, { redact: false });
    const metadata = { password: 'hunter2', nested: { kept: true } };
    const logged = users.audit.log('text', { action: 'state_change', metadata });
    metadata.nested.kept = false;
    await logged;
    expect((await sink.take()).metadata).toEqual({ password: 'hunter2', nested: { kept: true } });
  });
});

it('the default sink leaves it to the stream, once', async () => {
  const audit = { provide: 'AUDIT', inject: [AuditLogger], useFactory: (logger: AuditLogger) => logger };
  await using monitored = await monitoredApp()
    .with({ providers: [audit] })
    .start();
  const redacted = vi.spyOn(monitored.app.get(AuditRedactor, { strict: false }), 'redacted');
  const { stream } = monitored;
  const seen = firstValueFrom(stream.records$);
  const logger = monitored.app.get<AuditLogger>('AUDIT');
  await logger.log('text', { action: 'state_change', metadata: { password: 'hunter2' } });
  expect(await seen).toMatchObject({ action: 'state_change', metadata: { password: '[REDACTED]' } });
  expect(redacted).not.toHaveBeenCalled();
});
