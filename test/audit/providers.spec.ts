import { Inject, Injectable, NotFoundException, Scope } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { firstValueFrom, interval, lastValueFrom, Observable, of, Subject, throwError, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { Audit } from '../../src/audit/decorate/audit.decorator.js';
import { boot } from './harness/boot.js';

@Injectable()
class Jobs {
  @Audit<Jobs['sync']>('state_change', { metadata: ({ args: [id], result }) => ({ id, result }) })
  sync(id: string): string {
    return id.toUpperCase();
  }

  @Audit('state_change')
  fails(): never {
    throw new NotFoundException('no such job');
  }

  @Audit<Jobs['later']>('state_change', { metadata: ({ result }) => ({ result }) })
  async later(value: number): Promise<number> {
    return value + 1;
  }

  @Audit('state_change')
  async failsLater(error: unknown): Promise<void> {
    await Promise.resolve();
    throw error;
  }

  @Audit<Jobs['values']>('state_change', { metadata: ({ result }) => ({ result }) })
  values(...values: number[]): Observable<number> {
    return of(...values);
  }

  @Audit<Jobs['valuesLater']>('state_change', { metadata: ({ result }) => ({ result }) })
  async valuesLater(): Promise<Observable<number>> {
    return of(7);
  }

  @Audit('state_change')
  brokenStream(): Observable<never> {
    return throwError(() => new Error('broken stream'));
  }

  @Audit('state_change')
  endless(): Observable<number> {
    return interval(1_000_000);
  }

  @Audit<Jobs['generate']>('state_change', { metadata: ({ result }) => ({ result }) })
  async *generate(count: number): AsyncGenerator<number, string> {
    for (let i = 0; i < count; i++) yield i;
    return 'generated';
  }

  @Audit('state_change')
  *generateSync(): Generator<number> {
    yield 1;
    throw new Error('broken generator');
  }

  @Audit('state_change')
  query(): PromiseLike<string> & { where(): unknown; runs: number } {
    return {
      runs: 0,
      where() {
        return this;
      },
      // oxlint-disable-next-line unicorn/no-thenable
      then(resolve: never) {
        this.runs += 1;
        return Promise.resolve('rows').then(resolve);
      },
    };
  }

  @Audit('state_change')
  outer(): string {
    return this.sync('inner');
  }

  @Audit('state_change')
  countdown(from: number): number {
    return from === 0 ? 0 : this.countdown(from - 1);
  }
}

describe('a provider method that the app calls itself', () => {
  it('is recorded when it returns', async () => {
    const { app, sink } = await boot({ providers: [Jobs] });
    expect(app.get(Jobs).sync('a')).toBe('A');
    expect(await sink.take()).toEqual({
      id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-7/),
      origin: 'decorator',
      level: 'log',
      logger: 'audit.Jobs',
      message: 'state_change succeeded',
      action: 'state_change',
      metadata: { id: 'a', result: 'A' },
      fields: { outcome: 'success', duration_ms: expect.any(Number) },
    });
  });

  it('is recorded when it throws, and throws the same error', async () => {
    const { app, sink } = await boot({ providers: [Jobs] });
    expect(() => app.get(Jobs).fails()).toThrow(NotFoundException);
    const event = await sink.take();
    expect(event.message).toBe('state_change failed: no such job');
    expect(event.level).toBe('warn');
    expect(event.fields).toEqual({
      outcome: 'failure',
      reason: 'error',
      duration_ms: expect.any(Number),
      error: { name: 'NotFoundException', message: 'no such job', status: 404 },
    });
  });

  it('is recorded when its promise resolves', async () => {
    const { app, sink } = await boot({ providers: [Jobs] });
    const promise = app.get(Jobs).later(1);
    expect(sink.rest).toEqual([]);
    await expect(promise).resolves.toBe(2);
    expect(await sink.take()).toMatchObject({ metadata: { result: 2 }, fields: { outcome: 'success' } });
  });

  it.each([new Error('later'), 'a text', undefined, null, Object.freeze(new RangeError('frozen'))])(
    'is recorded when its promise rejects with %s, which stays the same',
    async (error) => {
      const { app, sink } = await boot({ providers: [Jobs] });
      const caught: unknown = await app
        .get(Jobs)
        .failsLater(error)
        .catch((reason: unknown) => reason);
      expect(caught).toBe(error);
      const { fields, level } = await sink.take();
      expect(fields).toMatchObject({ outcome: 'failure', reason: 'error' });
      expect(level).toBe('error');
    },
  );

  it('leaves a rejection that nobody handles unhandled', async () => {
    const { app, sink } = await boot({ providers: [Jobs] });
    const listeners = process.rawListeners('unhandledRejection') as ((reason: unknown) => void)[];
    process.removeAllListeners('unhandledRejection');
    const unhandled = new Promise((resolve) => process.once('unhandledRejection', resolve));
    const error = new Error('nobody awaits');
    void app.get(Jobs).failsLater(error);
    expect(await unhandled).toBe(error);
    for (const listener of listeners) process.on('unhandledRejection', listener);
    await sink.take();
  });

  it('makes one record for each subscription to its Observable, and none without', async () => {
    const { app, sink } = await boot({ providers: [Jobs] });
    const values = app.get(Jobs).values(1, 2, 3);
    expect(sink.rest).toEqual([]);
    expect(await lastValueFrom(values.pipe(toArray()))).toEqual([1, 2, 3]);
    expect(await sink.take()).toMatchObject({ metadata: { result: 3 } });
    expect(sink.rest).toEqual([]);
    await lastValueFrom(values);
    const second = await sink.take();
    expect(second).toMatchObject({ metadata: { result: 3 }, fields: { outcome: 'success' } });
  });

  it('records an Observable that a promise brings', async () => {
    const { app, sink } = await boot({ providers: [Jobs] });
    expect(await lastValueFrom(await app.get(Jobs).valuesLater())).toBe(7);
    expect(await sink.take()).toMatchObject({ metadata: { result: 7 }, fields: { outcome: 'success' } });
  });

  it('records the error of an Observable', async () => {
    const { app, sink } = await boot({ providers: [Jobs] });
    await expect(lastValueFrom(app.get(Jobs).brokenStream())).rejects.toThrow('broken stream');
    expect((await sink.take()).fields).toMatchObject({
      outcome: 'failure',
      error: { message: 'broken stream' },
    });
  });

  it('records a subscriber that leaves first as unknown', async () => {
    const { app, sink } = await boot({ providers: [Jobs] });
    app.get(Jobs).endless().subscribe().unsubscribe();
    const event = await sink.take();
    expect(event.fields).toMatchObject({ outcome: 'unknown', reason: 'aborted' });
    expect(event.message).toBe('state_change aborted');
    expect(event.level).toBe('warn');
  });

  it('records a subscriber that has enough as unknown', async () => {
    const { app, sink } = await boot({ providers: [Jobs] });
    await firstValueFrom(app.get(Jobs).values(1, 2));
    expect((await sink.take()).fields).toMatchObject({ outcome: 'unknown', reason: 'aborted' });
  });

  it('records an async generator when it has ended', async () => {
    const { app, sink } = await boot({ providers: [Jobs] });
    const generator = app.get(Jobs).generate(2);
    expect(Object.prototype.toString.call(generator)).toBe('[object AsyncGenerator]');
    expect(await generator.next()).toEqual({ done: false, value: 0 });
    expect(await generator.next()).toEqual({ done: false, value: 1 });
    expect(sink.rest).toEqual([]);
    expect(await generator.next()).toEqual({ done: true, value: 'generated' });
    expect(await sink.take()).toMatchObject({
      metadata: { result: 'generated' },
      fields: { outcome: 'success' },
    });
  });

  it('records an async generator that is left early as unknown', async () => {
    const { app, sink } = await boot({ providers: [Jobs] });
    for await (const value of app.get(Jobs).generate(5)) if (value === 1) break;
    expect((await sink.take()).fields).toMatchObject({ outcome: 'unknown', reason: 'aborted' });
  });

  it('records a generator that throws', async () => {
    const { app, sink } = await boot({ providers: [Jobs] });
    expect(() => [...app.get(Jobs).generateSync()]).toThrow('broken generator');
    expect((await sink.take()).fields).toMatchObject({ outcome: 'failure', reason: 'error' });
  });

  it('leaves a lazy query lazy', async () => {
    const { app, sink } = await boot({ providers: [Jobs] });
    const query = app.get(Jobs).query();
    expect(query.runs).toBe(0);
    expect(query.where()).toBe(query);
    expect(sink.rest).toEqual([]);
    expect(await query).toBe('rows');
    expect(query.runs).toBe(1);
    expect((await sink.take()).fields).toMatchObject({ outcome: 'success' });
  });

  it('records each of two methods that call each other', async () => {
    const { app, sink } = await boot({ providers: [Jobs] });
    app.get(Jobs).outer();
    expect(await sink.take()).toMatchObject({ metadata: { id: 'inner' } });
    expect(await sink.take()).toMatchObject({ metadata: {} });
  });

  it('records each call of a method that calls itself', async () => {
    const { app, sink } = await boot({ providers: [Jobs] });
    app.get(Jobs).countdown(2);
    for (let i = 0; i < 3; i++) expect((await sink.take()).fields).toMatchObject({ outcome: 'success' });
  });
});

describe('the instances of an audited class', () => {
  @Injectable({ scope: Scope.TRANSIENT })
  class Transient {
    @Audit('instance_spawn')
    spawn(): void {}
  }

  @Injectable({ scope: Scope.REQUEST })
  class PerRequest {
    @Audit('instance_spawn')
    spawn(): void {}
  }

  class Plain {
    readonly own = 1;

    @Audit('instance_spawn')
    spawn(): void {}
  }

  @Injectable()
  class Host {
    constructor(@Inject(Transient) readonly transient: Transient) {}
  }

  it('are audited whatever their scope', async () => {
    const { app, sink } = await boot({ providers: [Transient, PerRequest, Host] });
    app.get(Host).transient.spawn();
    expect((await sink.take()).logger).toBe('audit.Transient');
    (await app.resolve(PerRequest)).spawn();
    expect((await sink.take()).logger).toBe('audit.PerRequest');
    (await app.get(ModuleRef).create(Plain)).spawn();
    expect((await sink.take()).logger).toBe('audit.Plain');
  });

  it('are audited when a factory or a value provided them, and stay as they were', async () => {
    const value = new Plain();
    const { app, sink } = await boot({
      providers: [
        { provide: 'FACTORY', useFactory: () => new Plain() },
        { provide: 'VALUE', useValue: value },
      ],
    });
    app.get<Plain>('FACTORY').spawn();
    await sink.take();
    app.get<Plain>('VALUE').spawn();
    await sink.take();
    expect(Reflect.ownKeys(value)).toEqual(['own']);
  });

  it('belong to one app each, where two apps run in one process', async () => {
    const [first, second] = [await boot({ providers: [Jobs] }), await boot({ providers: [Jobs] })];
    first.app.get(Jobs).sync('first');
    expect(await first.sink.take()).toMatchObject({ metadata: { id: 'first' } });
    second.app.get(Jobs).sync('second');
    expect(await second.sink.take()).toMatchObject({ metadata: { id: 'second' } });
  });
});

describe('a stream of an audited method', () => {
  @Injectable()
  class Feeds {
    readonly subject = new Subject<number>();

    @Audit('message_received')
    feed(): Observable<number> {
      return this.subject;
    }
  }

  it('is followed for each subscriber by itself', async () => {
    const { app, sink } = await boot({ providers: [Feeds] });
    const feeds = app.get(Feeds);
    const feed = feeds.feed();
    const seen: number[] = [];
    feed.subscribe((value) => seen.push(value));
    const leaver = feed.subscribe();
    feeds.subject.next(1);
    leaver.unsubscribe();
    expect((await sink.take()).fields).toMatchObject({ outcome: 'unknown' });
    feeds.subject.next(2);
    feeds.subject.complete();
    expect((await sink.take()).fields).toMatchObject({ outcome: 'success' });
    expect(seen).toEqual([1, 2]);
  });
});
