import { firstValueFrom, lastValueFrom, Subject } from 'rxjs';
import { filter, finalize, map, mergeMap, share, take, tap, toArray } from 'rxjs/operators';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { turns } from '../../harness/event-loop.js';
import { type LogRecord } from '../../../src/record/log-record.js';
import { CONTEXT_IS_ASYNCHRONOUS } from '../../../src/record/record.messages.js';
import { observerThrew } from '../../../src/stream/stream.messages.js';
import { streamingLogger } from '../support/streaming-logger.js';

const messages = (records: readonly LogRecord[]): string[] => records.map((record) => record.message);

function boom(): never {
  throw new Error('boom');
}

describe('LogStream.records$', () => {
  let warnings: unknown[][];
  beforeEach(() => {
    warnings = [];
    vi.spyOn(process, 'emitWarning').mockImplementation((...args: unknown[]) => void warnings.push(args));
  });
  afterEach(() => vi.restoreAllMocks());

  it('hands over every record as it is logged, at once, from the next one on', () => {
    const { logger, stream } = streamingLogger();
    const seen: string[] = [];
    logger.log('before');
    stream.records$.subscribe((record) => seen.push(record.message));
    logger.log('one');
    expect(seen).toEqual(['one']);
    logger.log('two', 3, 'Ctx');
    expect(seen).toEqual(['one', 'two', '3']);
  });

  it('is one observable: the same each time, and all observers get the same record', () => {
    const { logger, stream } = streamingLogger();
    expect(stream.records$).toBe(stream.records$);
    const seen: LogRecord[] = [];
    stream.records$.subscribe((record) => seen.push(record));
    stream.records$.subscribe((record) => seen.push(record));
    logger.log('one');
    expect(seen[0]).toBe(seen[1]);
    expect(seen[0]).toBe([...stream.history][0]);
  });

  it('is observed while somebody is subscribed, and no longer', () => {
    const { logger, stream } = streamingLogger();
    const seen: string[] = [];
    expect(stream.observed).toBe(false);
    const one = stream.records$.subscribe();
    const two = stream.records$.pipe(map(String)).subscribe((text) => seen.push(text));
    one.unsubscribe();
    expect(stream.observed).toBe(true);
    two.unsubscribe();
    expect(stream.observed).toBe(false);
    logger.log('late');
    expect(seen).toEqual([]);
  });

  it('cannot be pushed into', () => {
    const { stream } = streamingLogger();
    expect(stream.records$).not.toHaveProperty('next');
  });

  it('completes when the application shuts down; later observers complete at once and later records are none', () => {
    const { logger, stream } = streamingLogger();
    const events: string[] = [];
    const observer = (name: string): object => ({
      next: ({ message }: LogRecord) => events.push(`${name}: ${message}`),
      complete: () => events.push(`${name} completes`),
    });
    stream.records$.subscribe(observer('first'));
    stream.records$.pipe(filter(() => true)).subscribe(observer('piped'));
    logger.log('one');
    stream.onApplicationShutdown();
    logger.log('two');
    expect(stream.publish({ message: 'three' })).toBeUndefined();
    stream.records$.subscribe(observer('late'));
    expect(events).toEqual([
      'first: one',
      'piped: one',
      'first completes',
      'piped completes',
      'late completes',
    ]);
    expect(messages([...stream.history])).toEqual(['one']);
    expect(stream.observed).toBe(false);
    expect(stream.wanted).toBe(false);
  });

  it('works with what RxJS offers to wait for records', async () => {
    const { logger, stream } = streamingLogger();
    const first = firstValueFrom(stream.records$.pipe(filter(({ level }) => level === 'ERROR')));
    const all = lastValueFrom(stream.records$.pipe(take(2), toArray()));
    const each: string[] = [];
    const done = stream.records$.forEach(({ message }) => void each.push(message));
    logger.log('one');
    logger.error('two');
    expect((await first).message).toBe('two');
    expect(messages(await all)).toEqual(['one', 'two']);
    stream.onApplicationShutdown();
    await done;
    expect(each).toEqual(['one', 'two']);
  });

  describe('with an observer that throws', () => {
    const throwing: Record<string, (stream: ReturnType<typeof streamingLogger>['stream']) => void> = {
      'as a function': (stream) => void stream.records$.subscribe(boom),
      'as an object': (stream) => void stream.records$.subscribe({ next: boom, error: boom, complete: boom }),
      'behind a pipe': (stream) => void stream.records$.pipe(map((record) => record.message)).subscribe(boom),
      'behind a longer pipe': (stream) =>
        void stream.records$
          .pipe(
            share(),
            mergeMap((record) => [record, record]),
          )
          .subscribe({ next: boom }),
      'in an operator': (stream) => void stream.records$.pipe(map(boom)).subscribe(),
      'in an operator, and again in the error callback': (stream) =>
        void stream.records$.pipe(tap(boom)).subscribe({ error: boom }),
    };

    it.each(Object.keys(throwing))('%s, the others get everything and the logger does not notice', (how) => {
      const { logger, stream } = streamingLogger();
      const before: string[] = [];
      const after: string[] = [];
      let completed = 0;
      const complete = (): void => void (completed += 1);
      stream.records$.subscribe({ next: ({ message }) => before.push(message), complete });
      throwing[how]!(stream);
      stream.records$
        .pipe(map(({ message }) => message))
        .subscribe({ next: (text) => after.push(text), complete });
      expect(() => logger.log('one')).not.toThrow();
      expect(() => logger.log('two')).not.toThrow();
      expect(() => stream.onApplicationShutdown()).not.toThrow();
      expect(before).toEqual(['one', 'two']);
      expect(after).toEqual(['one', 'two']);
      expect(completed).toBe(2);
      expect(logger.failures).toEqual({ inner: 0, stream: 0 });
      expect(stream.observerFailures).toBeGreaterThan(0);
      expect(warnings).toEqual([[observerThrew(new Error('boom')), 'LogStreamWarning']]);
    });

    it('in a teardown, the others get everything', () => {
      const { logger, stream } = streamingLogger();
      const seen: string[] = [];
      stream.records$.pipe(take(1), finalize(boom)).subscribe();
      stream.records$.pipe(finalize(boom), take(1)).subscribe();
      stream.records$.subscribe(({ message }) => seen.push(message));
      logger.log('one');
      logger.log('two');
      expect(seen).toEqual(['one', 'two']);
      expect(logger.failures.stream).toBe(0);
    });

    it('in a teardown that runs at shutdown, the others complete', () => {
      const { stream } = streamingLogger();
      let completed = false;
      stream.records$.pipe(finalize(boom)).subscribe();
      stream.records$.subscribe({ complete: () => (completed = true) });
      expect(() => stream.onApplicationShutdown()).not.toThrow();
      expect(completed).toBe(true);
      expect(stream.observerFailures).toBe(1);
    });

    it('keeps it subscribed, and counts its failures', () => {
      const { logger, stream } = streamingLogger();
      let calls = 0;
      stream.records$.subscribe(() => {
        calls += 1;
        boom();
      });
      logger.log('one');
      logger.log('two');
      expect([calls, stream.observerFailures, warnings.length]).toEqual([2, 2, 1]);
    });

    it('what cannot even be printed', () => {
      const { logger, stream } = streamingLogger();
      const unprintable = new Proxy(new Error('x'), { get: boom, getPrototypeOf: boom });
      stream.records$.subscribe(() => {
        throw unprintable;
      });
      expect(() => logger.log('one')).not.toThrow();
      expect([stream.observerFailures, warnings.length]).toEqual([1, 1]);
    });

    it('asynchronously, the rejection ends no process', async () => {
      const { logger, stream } = streamingLogger();
      const rejected = Promise.reject(new Error('boom'));
      stream.records$.subscribe((() => rejected) as () => void);
      logger.log('one');
      await expect(rejected).rejects.toThrow('boom');
      expect(stream.observerFailures).toBe(1);
    });

    // Nothing may be left for later: RxJS reports errors in a timer, where they would end the process.
    it('without leaving a timer behind', () => {
      vi.useFakeTimers();
      try {
        for (const subscribe of Object.values(throwing)) {
          const { logger, stream } = streamingLogger();
          subscribe(stream);
          logger.log('one');
          stream.onApplicationShutdown();
        }
        expect(vi.getTimerCount()).toBe(0);
      } finally {
        vi.useRealTimers();
      }
    });
  });

  describe('with an observer that logs', () => {
    it('does not hand it what it logged itself, but does to all others, in order', () => {
      const { logger, stream } = streamingLogger();
      const first: string[] = [];
      const own: string[] = [];
      const last: string[] = [];
      stream.records$.subscribe(({ message }) => first.push(message));
      stream.records$.subscribe(({ message }) => {
        own.push(message);
        logger.log(`about ${message}`);
      });
      stream.records$.subscribe(({ message }) => last.push(message));
      logger.log('one');
      logger.log('two');
      const all = ['one', 'about one', 'two', 'about two'];
      expect(first).toEqual(all);
      expect(last).toEqual(all);
      expect(own).toEqual(['one', 'two']);
      expect(messages([...stream.history])).toEqual(all);
    });

    it('ends with two observers that both log: each hears the other once', () => {
      const { logger, stream } = streamingLogger();
      const seen: Record<string, string[]> = { a: [], b: [], quiet: [] };
      for (const name of ['a', 'b']) {
        stream.records$.subscribe(({ message }) => {
          seen[name]!.push(message);
          logger.log(`${name}(${message})`);
        });
      }
      stream.records$.subscribe(({ message }) => seen['quiet']!.push(message));
      logger.log('one');
      expect(seen['quiet']).toEqual(['one', 'a(one)', 'b(one)', 'b(a(one))', 'a(b(one))']);
      expect(seen['a']).toEqual(['one', 'b(one)']);
      expect(seen['b']).toEqual(['one', 'a(one)']);
      expect(messages([...stream.history])).toEqual(seen['quiet']);
      const seqs = [...stream.history].map(({ seq }) => seq);
      expect(seqs).toEqual([1, 2, 3, 4, 5]);
    });

    it('ends with many observers that all log', () => {
      const { logger, stream } = streamingLogger();
      let quiet = 0;
      for (let index = 0; index < 5; index++) {
        stream.records$.subscribe(() => logger.log('again'));
      }
      stream.records$.subscribe(() => (quiet += 1));
      logger.log('one');
      // One, then every order of any of the five: 5 + 5*4 + 5*4*3 + ...
      expect(quiet).toBe(1 + 5 + 20 + 60 + 120 + 120);
    });

    it('and then throws, or publishes, or logs behind a pipe', () => {
      const { logger, stream } = streamingLogger();
      const seen: string[] = [];
      stream.records$.subscribe(({ message }) => {
        logger.log(`thrown after ${message}`);
        boom();
      });
      stream.records$
        .pipe(map(({ message }) => message))
        .subscribe(
          (message) => void (message === 'one' && stream.publish({ message: `published ${message}` })),
        );
      stream.records$.subscribe(({ message }) => seen.push(message));
      logger.log('one');
      expect(seen).toEqual(['one', 'thrown after one', 'published one', 'thrown after published one']);
    });

    it('can unsubscribe itself, or another, while it handles a record', () => {
      const { logger, stream } = streamingLogger();
      const seen: string[] = [];
      const first = stream.records$.subscribe(({ message }) => {
        seen.push(`first ${message}`);
        first.unsubscribe();
        second.unsubscribe();
        logger.log('goodbye');
      });
      const second = stream.records$.subscribe(({ message }) => seen.push(`second ${message}`));
      stream.records$.subscribe(({ message }) => seen.push(`third ${message}`));
      logger.log('one');
      expect(seen).toEqual(['first one', 'third one', 'third goodbye']);
    });

    it('and subscribes another one, which begins with the next record', () => {
      const { logger, stream } = streamingLogger();
      const seen: string[] = [];
      stream.records$.pipe(take(1)).subscribe(() => {
        stream.records$.subscribe(({ message }) => seen.push(message));
        logger.log('inner');
      });
      logger.log('one');
      logger.log('two');
      expect(seen).toEqual(['inner', 'two']);
    });

    it('shuts the stream down in the middle: nobody gets more', () => {
      const { logger, stream } = streamingLogger();
      const seen: string[] = [];
      stream.records$.pipe(take(1)).subscribe(() => {
        logger.log('not seen any more');
        stream.onApplicationShutdown();
      });
      stream.records$.subscribe({
        next: ({ message }) => seen.push(message),
        complete: () => seen.push('completed'),
      });
      logger.log('one');
      expect(seen).toEqual(['completed']);
    });
  });

  it('can feed a Subject of one’s own', () => {
    const { logger, stream } = streamingLogger();
    const own = new Subject<LogRecord>();
    const seen: string[] = [];
    own.subscribe({ next: ({ message }) => seen.push(message), complete: () => seen.push('completed') });
    stream.records$.subscribe(own);
    logger.log('one');
    stream.onApplicationShutdown();
    expect(seen).toEqual(['one', 'completed']);
  });
});

describe('LogStream.publish', () => {
  it('returns the record, with its position, and gives it to observers and history', () => {
    const { stream } = streamingLogger();
    const seen: LogRecord[] = [];
    stream.records$.subscribe((record) => seen.push(record));
    const one = stream.publish({ message: 'one', logger: 'remote', level: 'CRITICAL', host: 'b' });
    const two = stream.publish({ message: '[AUDIT] two' });
    expect(one).toMatchObject({
      seq: 1,
      category: 'system',
      level: 'CRITICAL',
      logger: 'remote',
      extra: { host: 'b' },
    });
    expect(two).toMatchObject({
      seq: 2,
      category: 'audit',
      level: 'INFO',
      logger: 'root',
      origin: 'message_prefix',
    });
    expect(seen).toEqual([one, two]);
    expect([...stream.history]).toEqual([one, two]);
  });

  it.each([
    ['ISO 8601', '2025-10-08T18:30:45.123Z'],
    ['ISO 8601 of another zone', '2025-10-08T20:30:45.123+02:00'],
    ['milliseconds', Date.UTC(2025, 9, 8, 18, 30, 45, 123)],
    ['a date', new Date(Date.UTC(2025, 9, 8, 18, 30, 45, 123))],
  ])('takes a timestamp as %s', (_kind, timestamp) => {
    expect(streamingLogger().stream.publish({ message: 'm', timestamp })?.timestamp).toBe(
      '2025-10-08T18:30:45.123Z',
    );
  });

  it.each(['yesterday', Number.NaN, new Date(Number.NaN), undefined, 9e15])(
    'takes the time now for %s',
    (timestamp) => {
      vi.useFakeTimers({ toFake: ['Date'], now: 1_000 });
      try {
        expect(streamingLogger().stream.publish({ message: 'm', timestamp })?.time).toBe(1_000);
      } finally {
        vi.useRealTimers();
      }
    },
  );

  it.each(['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const)('keeps the level %s', (level) => {
    expect(streamingLogger().stream.publish({ message: 'm', level })?.level).toBe(level);
  });

  it('takes INFO for a level that is none', () => {
    expect(streamingLogger().stream.publish({ message: 'm', level: 'loud' as 'INFO' })?.level).toBe('INFO');
  });

  it('looks up no caller: who forwards a record did not log it', () => {
    expect(streamingLogger().stream.publish({ message: 'm' })).toMatchObject({
      module: undefined,
      line: undefined,
    });
  });
});

describe('the option `history`', () => {
  it('bounds the records', () => {
    const { logger, stream } = streamingLogger({ history: { records: 2 } });
    for (const message of ['one', 'two', 'three']) logger.log(message);
    expect(messages([...stream.history])).toEqual(['two', 'three']);
    expect([...stream.history].map(({ seq }) => seq)).toEqual([2, 3]);
  });

  it('bounds the bytes', () => {
    const { logger, stream } = streamingLogger({ history: { bytes: 4_096 } });
    for (let index = 0; index < 100; index++) logger.log('x'.repeat(500));
    expect(stream.history.bytes).toBeLessThanOrEqual(4_096);
    expect(stream.history.length).toBe(7);
    expect(stream.history.end).toBe(101);
  });

  it('keeps nothing with `false`: with nobody observing, not even a record is made', () => {
    const context = vi.fn(() => ({ tenant: 1 }));
    const { logger, stream } = streamingLogger({ history: false, context });
    expect(stream.wanted).toBe(false);
    logger.log('one');
    expect([context.mock.calls.length, stream.history.length]).toEqual([0, 0]);
    const seen: string[] = [];
    stream.records$.subscribe(({ message }) => seen.push(message));
    expect(stream.wanted).toBe(true);
    logger.log('two');
    expect(seen).toEqual(['two']);
  });
});

describe('the option `context`', () => {
  it('may log: what it logs is a record of its own and does not ask it again', () => {
    let asked = 0;
    const ours = streamingLogger({
      context: () => {
        asked += 1;
        ours.logger.log('from the context');
        return { tenant: 1 };
      },
    });
    ours.logger.log('hello');
    expect(ours.records.map(({ message, extra }) => [message, extra])).toEqual([
      ['from the context', {}],
      ['hello', { tenant: 1 }],
    ]);
    expect([asked, ours.builder.contextFailures]).toEqual([1, 0]);
  });

  it('that is asynchronous is not asked again, and its rejection hurts nobody', async () => {
    const warnings: unknown[] = [];
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation((text) => void warnings.push(text));
    const context = vi.fn(async () => {
      await turns(1);
      ours.logger.log('from the context');
      throw new Error('no tenant');
    });
    const ours = streamingLogger({ context });
    ours.logger.log('hello');
    await turns(10);
    warn.mockRestore();
    expect(ours.records.map(({ message }) => message)).toEqual(['hello', 'from the context']);
    expect([context.mock.calls.length, ours.builder.contextFailures]).toEqual([1, 1]);
    expect(warnings).toEqual([CONTEXT_IS_ASYNCHRONOUS]);
  });

  it('that throws is counted and costs no record', () => {
    const ours = streamingLogger({ context: boom });
    ours.logger.log('one', { a: 1 }, 'Ctx');
    expect(ours.record.extra).toEqual({ a: 1 });
    expect(ours.builder.contextFailures).toBe(1);
    expect(ours.logger.failures.stream).toBe(0);
  });

  it.each([undefined, null, 'text', 7])('that returns %s adds nothing', (fields) => {
    const ours = streamingLogger({ context: () => fields as undefined });
    ours.logger.log('one', { a: 1 }, 'Ctx');
    expect(ours.record.extra).toEqual({ a: 1 });
  });

  it('whose fields cannot be read is counted and costs no record', () => {
    const ours = streamingLogger({ context: () => new Proxy({}, { ownKeys: boom }) });
    ours.logger.log('one');
    expect(ours.record.message).toBe('one');
    expect(ours.builder.contextFailures).toBe(1);
  });

  it('is asked for every record, at the time of the call', () => {
    let request = 0;
    const ours = streamingLogger({ context: () => ({ request: (request += 1) }) });
    ours.logger.log('one');
    ours.logger.log('two', 'Ctx');
    expect(ours.records.map(({ extra }) => extra['request'])).toEqual([1, 2]);
  });
});
