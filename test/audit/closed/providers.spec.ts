import { Injectable, NotFoundException } from '@nestjs/common';
import { firstValueFrom, lastValueFrom, Observable, of, Subject, throwError, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { AuditHealth } from '../../../src/audit/deliver/audit-health.js';
import { type AuditOptions } from '../../../src/audit/describe/audit-options.js';
import { AuditRecorder } from '../../../src/audit/call/audit-recorder.js';
import { AuditUnavailableError } from '../../../src/audit/deliver/audit-unavailable.error.js';
import { Audit } from '../../../src/audit/decorate/audit.decorator.js';
import * as messages from '../../../src/audit/audit.messages.js';
import { boot } from '../harness/boot.js';
import { DISK_FULL, DurableSink, refusing, silentOn } from '../harness/durable-sink.js';
import { MemorySink } from '../harness/memory-sink.js';

@Injectable()
class Keys {
  readonly journal: string[] = [];
  readonly feed$ = new Subject<number>();

  @Audit<Keys['revoke']>('instance_terminate', {
    failure: 'closed',
    metadata: ({ args: [id], result }) => ({ id, revoked: result }),
    target: ({ args: [id] }) => ({ type: 'key', id }),
    actor: 'ada',
    include: { args: true },
  })
  async revoke(id: string): Promise<string> {
    this.journal.push('method');
    return `${id} revoked`;
  }

  @Audit('instance_terminate', { failure: 'closed' })
  async fails(error: unknown): Promise<never> {
    this.journal.push('method');
    throw error;
  }

  @Audit<Keys['watch']>('message_received', {
    failure: 'closed',
    metadata: ({ args, result }) => ({ args, result }),
  })
  watch(...values: number[]): Observable<number> {
    this.journal.push('method');
    return of(...values);
  }

  @Audit('message_received', { failure: 'closed' })
  broken(): Observable<number> {
    return throwError(() => new NotFoundException('no such key'));
  }

  @Audit('message_received', { failure: 'closed' })
  feed(): Observable<number> {
    this.journal.push('method');
    return this.feed$;
  }

  @Audit('message_received', { failure: 'closed' })
  async watchLater(): Promise<Observable<number>> {
    this.journal.push('method');
    return of(1, 2);
  }

  @Audit<Keys['list']>('state_change', { failure: 'closed', metadata: ({ result }) => ({ result }) })
  async *list(count: number): AsyncGenerator<number, string> {
    this.journal.push('method');
    for (let index = 0; index < count; index++) yield index;
    return 'all';
  }
}

async function bootKeys(sink = new DurableSink()) {
  const { app } = await boot({ providers: [Keys], sink });
  const keys = app.get(Keys);
  Object.defineProperty(keys, 'journal', { value: sink.journal });
  return { app, sink, keys, health: app.get(AuditHealth) };
}

const refused = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.unreachable('was not refused'),
    (error: unknown) => error,
  );

describe('a closed method', () => {
  it('runs when its intent is durable, and answers when its outcome is', async () => {
    const { sink, keys } = await bootKeys();
    expect(await keys.revoke('k1')).toBe('k1 revoked');
    expect(sink.journal).toEqual(['intent', 'method', 'record']);
    const [intent, outcome] = [sink.takeIntent(), await sink.take()];
    expect(intent).toEqual({
      id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-7/),
      origin: 'decorator',
      level: 'log',
      logger: 'audit.Keys',
      message: 'instance_terminate intended',
      action: 'instance_terminate',
      metadata: { id: 'k1', revoked: undefined },
      fields: { args: ['k1'], actor: { id: 'ada' }, targets: [{ type: 'key', id: 'k1' }] },
    });
    expect(outcome.id).not.toBe(intent.id);
    expect(outcome.metadata).toEqual({ id: 'k1', revoked: 'k1 revoked' });
    expect(outcome.fields).toMatchObject({ intent: intent.id, outcome: 'success', actor: { id: 'ada' } });
    expect(Object.keys(outcome.fields)[0]).toBe('intent');
  });

  it('does not run before the store has answered, and its result is not seen before', async () => {
    const { sink, keys, health } = await bootKeys();
    const answers: (() => void)[] = [];
    sink.store = () => new Promise((resolve) => answers.push(resolve));
    let result: string | undefined;
    const done = keys.revoke('k1').then((value) => (result = value));
    await expect.poll(() => answers.length).toBe(1);
    expect(sink.journal).toEqual([]);
    expect(health.check()).toMatchObject({ status: 'up', pendingIntents: 1 });
    answers[0]?.();
    await expect.poll(() => answers.length).toBe(2);
    expect(sink.journal).toEqual(['intent', 'method']);
    expect(result).toBeUndefined();
    answers[1]?.();
    expect(await done).toBe('k1 revoked');
    expect(health.check()).toMatchObject({ pendingIntents: 0, lost: 0, late: 0, refused: 0 });
    sink.takeIntent();
    await sink.take();
  });

  it.each([
    ['refuses', refusing('intent'), 60_000],
    ['is silent', silentOn('intent'), 1],
  ])('does not run when the store %s', async (_, store, deadlineMs) => {
    const { sink, keys, health } = await bootKeys();
    Object.assign(sink, { store, deadlineMs });
    const error = await refused(keys.revoke('k1'));
    expect(error).toBeInstanceOf(AuditUnavailableError);
    expect(error).toMatchObject({ code: 'AUDIT_UNAVAILABLE', message: messages.auditUnavailable() });
    expect(sink.journal).toEqual(['record']);
    expect((await sink.take()).fields).toMatchObject({
      outcome: 'failure',
      reason: 'error',
      error: { name: 'AuditUnavailableError', status: 503 },
    });
    expect(health.check()).toMatchObject({ refused: 1, lost: 0 });
    await expect.poll(() => health.check().pendingIntents).toBe(0);
  });

  it('names the intent that may still be stored after the deadline, and no other', async () => {
    const { sink, keys } = await bootKeys();
    sink.store = refusing('intent');
    await refused(keys.revoke('k1'));
    expect((await sink.take()).fields).not.toHaveProperty('intent');
    Object.assign(sink, { store: silentOn('intent'), deadlineMs: 1 });
    await refused(keys.revoke('k1'));
    expect((await sink.take()).fields).toHaveProperty('intent');
  });

  it.each([
    ['refuses', refusing('record'), 60_000, { lost: 1, late: 0 }],
    ['is silent', silentOn('record'), 1, { lost: 0, late: 1 }],
  ])(
    'keeps its result when the store %s afterwards, and the next is refused',
    async (_, store, deadlineMs, counts) => {
      const { sink, keys, health, app } = await bootKeys();
      Object.assign(sink, { store, deadlineMs });
      const warning = new Promise((resolve) => process.once('warning', resolve));
      expect(await keys.revoke('k1')).toBe('k1 revoked');
      expect(health.check()).toMatchObject({ status: 'down', ...counts, refused: 0 });
      if (counts.lost) {
        await warning;
        expect(app.get(AuditRecorder).failures).toBe(1);
      }
      sink.takeIntent();
      expect(await refused(keys.revoke('k2'))).toBeInstanceOf(AuditUnavailableError);
      expect(sink.journal).toEqual(['intent', 'method']);
      expect(health.check()).toMatchObject({ status: 'down', refused: 1 });
    },
  );

  it('keeps its error and its stack when its outcome cannot be stored', async () => {
    const { sink, keys } = await bootKeys();
    sink.store = refusing('record');
    const error = new NotFoundException('no such key');
    const { stack } = error;
    expect(await refused(keys.fails(error))).toBe(error);
    expect(error.stack).toBe(stack);
    sink.takeIntent();
  });

  it('runs again when the sink has taken a record', async () => {
    const { sink, keys, health } = await bootKeys();
    sink.store = refusing('record');
    await keys.revoke('k1');
    sink.takeIntent();
    sink.store = async () => undefined;
    // The record of the refusal is the first that the store takes.
    await refused(keys.revoke('k2'));
    expect((await sink.take()).fields).toMatchObject({ outcome: 'failure', reason: 'error' });
    await expect.poll(() => health.isUp).toBe(true);
    expect(await keys.revoke('k3')).toBe('k3 revoked');
    sink.takeIntent();
    await sink.take();
  });

  it('is refused while the sink says that it is down, whatever it takes', async () => {
    const { sink, keys, health } = await bootKeys();
    health.down(DISK_FULL);
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(await refused(keys.revoke('k1'))).toMatchObject({
        cause: { message: messages.auditIsStillDown('disk full') },
      });
      await sink.take();
    }
    health.up();
    expect(await keys.revoke('k1')).toBe('k1 revoked');
    sink.takeIntent();
    await sink.take();
  });

  it('says in its record that it failed', async () => {
    const { sink, keys } = await bootKeys();
    const error = new NotFoundException('no such key');
    expect(await refused(keys.fails(error))).toBe(error);
    const intent = sink.takeIntent();
    expect((await sink.take()).fields).toMatchObject({
      intent: intent.id,
      outcome: 'failure',
      error: { status: 404 },
    });
  });
});

describe('a closed method that returns an Observable', () => {
  it('runs when somebody has subscribed and the intent is durable', async () => {
    const { sink, keys } = await bootKeys();
    const values = keys.watch(1, 2);
    expect(values).toBeInstanceOf(Observable);
    expect(sink.journal).toEqual([]);
    expect(await lastValueFrom(values.pipe(toArray()))).toEqual([1, 2]);
    expect(sink.journal).toEqual(['intent', 'method', 'record']);
    const intent = sink.takeIntent();
    expect(await sink.take()).toMatchObject({
      metadata: { result: 2 },
      fields: { intent: intent.id, outcome: 'success' },
    });
    await lastValueFrom(values);
    expect(sink.takeIntent().id).not.toBe(intent.id);
    await sink.take();
  });

  it('is refused, and fails as it does', async () => {
    const { sink, keys } = await bootKeys();
    await expect(lastValueFrom(keys.broken())).rejects.toThrow('no such key');
    const intent = sink.takeIntent();
    expect((await sink.take()).fields).toMatchObject({ intent: intent.id, outcome: 'failure' });
    sink.store = refusing('intent');
    await expect(lastValueFrom(keys.watch(1))).rejects.toBeInstanceOf(AuditUnavailableError);
    expect(sink.journal).not.toContain('method');
    await sink.take();
  });

  it('passes its values on as they come', async () => {
    const { sink, keys } = await bootKeys();
    const seen: number[] = [];
    const subscription = keys.feed().subscribe((value) => seen.push(value));
    await expect.poll(() => keys.feed$.observed).toBe(true);
    keys.feed$.next(1);
    expect(seen).toEqual([1]);
    subscription.unsubscribe();
    const intent = sink.takeIntent();
    expect((await sink.take()).fields).toMatchObject({
      intent: intent.id,
      outcome: 'unknown',
      reason: 'aborted',
    });
  });

  it('does not run for a subscriber that has left before the intent is durable', async () => {
    const { sink, keys, health } = await bootKeys();
    let answer = (): void => undefined;
    sink.store = (kind) =>
      kind === 'intent' ? new Promise((resolve) => (answer = resolve)) : Promise.resolve();
    const subscription = keys.feed().subscribe();
    await expect.poll(() => health.check().pendingIntents).toBe(1);
    subscription.unsubscribe();
    const outcome = await sink.take();
    expect(outcome.fields).toMatchObject({ outcome: 'unknown', reason: 'aborted' });
    answer();
    await expect.poll(() => sink.journal).toEqual(['record', 'intent']);
    expect(sink.takeIntent().id).toBe(outcome.fields['intent']);
  });

  it('is one call where a promise brings it', async () => {
    const { sink, keys } = await bootKeys();
    expect(await firstValueFrom((await keys.watchLater()).pipe(toArray()))).toEqual([1, 2]);
    expect(sink.journal).toEqual(['intent', 'method', 'record']);
    const intent = sink.takeIntent();
    expect((await sink.take()).fields).toMatchObject({ intent: intent.id, outcome: 'success' });
  });
});

describe('a closed async generator', () => {
  it('runs when it is asked for its first value and the intent is durable', async () => {
    const { sink, keys } = await bootKeys();
    const generator = keys.list(1);
    expect(sink.journal).toEqual([]);
    expect(await generator.next()).toEqual({ done: false, value: 0 });
    expect(await generator.next()).toEqual({ done: true, value: 'all' });
    expect(sink.journal).toEqual(['intent', 'method', 'record']);
    const intent = sink.takeIntent();
    expect(await sink.take()).toMatchObject({ metadata: { result: 'all' }, fields: { intent: intent.id } });
  });

  it('is refused', async () => {
    const { sink, keys } = await bootKeys();
    sink.store = refusing('intent');
    await expect(keys.list(1).next()).rejects.toBeInstanceOf(AuditUnavailableError);
    expect(sink.journal).toEqual(['record']);
    await sink.take();
  });
});

describe('what is known before the call', () => {
  async function bootWith(options: AuditOptions, method: (...args: unknown[]) => unknown = () => 'done') {
    @Injectable()
    class Service {
      @Audit('state_change', { ...options, failure: 'closed' })
      async run(...args: unknown[]): Promise<unknown> {
        return method(...args);
      }
    }
    const sink = new DurableSink();
    const { app } = await boot({ providers: [Service], sink });
    return { sink, run: (...args: unknown[]) => app.get(Service).run(...args), health: app.get(AuditHealth) };
  }

  it('is in the intent as it was', async () => {
    const { sink, run } = await bootWith({ metadata: ({ args: [body] }) => ({ body }) }, (body) =>
      Object.assign(body as object, { changed: true }),
    );
    await run({ id: 1 });
    expect(sink.takeIntent().metadata).toEqual({ body: { id: 1 } });
    expect((await sink.take()).metadata).toEqual({ body: { id: 1 } });
  });

  it('is waited for, not longer than the deadline', async () => {
    const { sink, run } = await bootWith({ actor: async () => 'ada' });
    await run();
    expect(sink.takeIntent().fields).toEqual({ actor: { id: 'ada' } });
    await sink.take();
    const never = await bootWith({ metadata: () => new Promise(() => undefined) as never });
    never.sink.deadlineMs = 1;
    never.sink.store = async () => {
      never.sink.deadlineMs = 1;
    };
    expect(await never.run()).toBe('done');
    expect(never.sink.takeIntent().fields).toEqual({ metadata_error: messages.tookTooLong(1) });
    expect((await never.sink.take()).fields).toMatchObject({ metadata_error: messages.tookTooLong(1) });
    expect(never.health.isUp).toBe(true);
  });

  it('that cannot be told changes nothing', async () => {
    const { sink, run } = await bootWith({
      metadata: () => {
        throw new Error('hostile');
      },
    });
    expect(await run()).toBe('done');
    expect(sink.takeIntent().fields).toEqual({ metadata_error: 'hostile' });
    await sink.take();
  });

  it('decides whether skip leaves a call out', async () => {
    const { sink, run } = await bootWith({ skip: ({ args: [id] }) => id === 'skip' });
    sink.store = refusing();
    expect(await run('skip')).toBe('done');
    expect(sink.journal).toEqual([]);
  });

  it.each([
    ['result', ({ result }: { result?: unknown }) => result === undefined],
    ['error', ({ error }: { error?: unknown }) => error === undefined],
  ])('is not the %s: skip leaves nothing out when it looks at that', async (_, skip) => {
    const { sink, run } = await bootWith({ skip });
    await run();
    expect(sink.takeIntent().id).toBe((await sink.take()).fields['intent']);
  });
});

describe('a method that is closed by the defaults of its class', () => {
  @Injectable()
  @Audit({ failure: 'closed' })
  class Vault {
    ran = 0;

    @Audit('instance_spawn')
    async open(): Promise<string> {
      return 'open';
    }

    @Audit('state_change', { failure: 'open' })
    look(): string {
      return 'gold';
    }

    @Audit('instance_terminate')
    close(): void {
      this.ran += 1;
    }
  }

  it('is closed unless it says otherwise', async () => {
    const sink = new DurableSink();
    const { app } = await boot({ providers: [Vault], sink });
    sink.store = refusing('intent');
    await expect(app.get(Vault).open()).rejects.toBeInstanceOf(AuditUnavailableError);
    await sink.take();
    expect(app.get(Vault).look()).toBe('gold');
    await sink.take();
  });

  it('is not run when the app calls it and it is synchronous', async () => {
    const { app } = await boot({ providers: [Vault], sink: new DurableSink() });
    expect(() => app.get(Vault).close()).toThrow(messages.closedResultUnknown('Vault.close'));
    expect(app.get(Vault).ran).toBe(0);
  });

  it('is refused where no app can audit it', async () => {
    await expect(new Vault().open()).rejects.toMatchObject({
      code: 'AUDIT_UNAVAILABLE',
      cause: { message: messages.recorderMissing('Vault', 'open') },
    });
    await expect(lastValueFrom(new Keys().watch())).rejects.toBeInstanceOf(AuditUnavailableError);
    await expect(new Keys().list(1).next()).rejects.toBeInstanceOf(AuditUnavailableError);
    expect(() => new Vault().close()).toThrow(AuditUnavailableError);
  });
});

describe('an app with a closed method and a sink that is not durable', () => {
  @Audit({ failure: 'closed' })
  class Base {
    @Audit('state_change')
    async run(): Promise<void> {}
  }

  class Derived extends Base {}

  it.each<[string, object, string]>([
    ['a method', Keys, 'Keys.revoke()'],
    ['a default of its class', Derived, 'Derived.run()'],
    ['a value', { provide: 'BASE', useValue: new Base() }, 'Base.run()'],
  ])('does not start (%s)', async (_, provider, where) => {
    await expect(boot({ providers: [provider as never], sink: new MemorySink() })).rejects.toThrow(
      messages.closedNeedsTrail(where),
    );
  });
});

describe('intents without an outcome', () => {
  it('become records of calls that crashed', async () => {
    const { app, sink } = await bootKeys();
    const receipts = await app.get(AuditRecorder).recoverIntents([
      {
        id: 'i1',
        timestamp: '2025-10-08T18:30:45.123Z',
        logger: 'audit.Keys',
        action: 'instance_terminate',
        level: 'INFO',
        message: 'instance_terminate intended',
        metadata: { id: 'k1' },
        actor: { id: 'ada' },
        request: { route: '/keys/:id' },
        truncated: true,
      },
    ]);
    const event = await sink.take();
    expect(receipts).toEqual([{ id: event.id }]);
    expect(event).toEqual({
      id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-7/),
      origin: 'decorator',
      level: 'warn',
      logger: 'audit.Keys',
      message: messages.crashed('instance_terminate'),
      action: 'instance_terminate',
      metadata: { id: 'k1' },
      fields: {
        intent: 'i1',
        intended_at: '2025-10-08T18:30:45.123Z',
        outcome: 'unknown',
        reason: 'crashed',
        actor: { id: 'ada' },
        request: { route: '/keys/:id' },
      },
    });
    sink.store = refusing();
    await expect(
      app
        .get(AuditRecorder)
        .recoverIntents([{ id: 'i2', logger: 'audit.Keys', action: 'instance_terminate' }]),
    ).rejects.toBe(DISK_FULL);
  });
});
