import { EMPTY, mergeMap, of, type Observable } from 'rxjs';
import { debounceTime, delay, map, take, takeUntil } from 'rxjs/operators';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import { turns } from '../../harness/event-loop.js';
import { type LogRecord } from '../../../src/record/log-record.js';
import { Emitter } from '../../../src/stream/emitter.js';
import { GuardedObservable } from '../../../src/stream/guarded-observable.js';

/** An emitter of records whose messages are all that is known of them. */
class MessageEmitter extends Emitter {
  private readonly messages: string[] = [];

  constructor(failed: (error: unknown) => void) {
    super((seq) => ({ seq, message: this.messages[seq] }) as LogRecord, failed);
  }

  say(message: string): void {
    this.emit(this.messages.push(message) - 1);
  }
}

/** Runs marbles: every letter is a record whose message is the letter. */
function marbles(
  run: (tools: {
    /** What `records$` becomes when these are emitted; `|` completes it. */
    emitted: (
      source: string,
      observe?: (records$: Observable<LogRecord>) => Observable<string>,
    ) => Observable<string>;
    expectObservable: Parameters<Parameters<TestScheduler['run']>[0]>[0]['expectObservable'];
    hot: Parameters<Parameters<TestScheduler['run']>[0]>[0]['hot'];
    failures: unknown[];
  }) => void,
): void {
  const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
  scheduler.run(({ hot, expectObservable }) => {
    const failures: unknown[] = [];
    const emitted = (
      source: string,
      observe: (records$: Observable<LogRecord>) => Observable<string> = (records$) =>
        records$.pipe(map(({ message }) => message)),
    ): Observable<string> => {
      const emitter = new MessageEmitter((error) => failures.push(error));
      hot(source).subscribe({
        next: (message) => emitter.say(message),
        complete: () => emitter.complete(),
      });
      return observe(emitter.records$);
    };
    run({ emitted, expectObservable, hot, failures });
  });
}

const text = map(({ message }: LogRecord) => message);

describe('Emitter.records$, in marbles', () => {
  it('emits when a record is emitted and completes when it is over', () => {
    marbles(({ emitted, expectObservable }) => {
      expectObservable(emitted('-a--(bc)-|')).toBe('-a--(bc)-|');
    });
  });

  it('has no past: an observer begins with the next record', () => {
    marbles(({ emitted, expectObservable }) => {
      expectObservable(emitted('-a-b-c-|'), '--^--').toBe('---b-c-|');
    });
  });

  it('ends for one who unsubscribes, and for no other', () => {
    marbles(({ emitted, expectObservable }) => {
      const records$ = emitted('-a-b-c-|');
      expectObservable(records$, '^---!').toBe('-a-b-');
      expectObservable(records$).toBe('-a-b-c-|');
    });
  });

  it('completes at once for one who comes after the end', () => {
    marbles(({ emitted, expectObservable }) => {
      expectObservable(emitted('-a-|'), '-----^-').toBe('-----|');
    });
  });

  it('works with operators of every kind, each observer by itself', () => {
    marbles(({ emitted, expectObservable, hot, failures }) => {
      const source = '-a--b--c---|';
      expectObservable(emitted(source, (records$) => records$.pipe(text, take(2)))).toBe('-a--(b|)');
      expectObservable(emitted(source, (records$) => records$.pipe(text, delay(1)))).toBe('--a--b--c--|');
      expectObservable(emitted(source, (records$) => records$.pipe(text, debounceTime(2)))).toBe(
        '---a--b--c-|',
      );
      expectObservable(emitted(source, (records$) => records$.pipe(text, takeUntil(hot('-----x'))))).toBe(
        '-a--b|',
      );
      expectObservable(
        emitted(source, (records$) =>
          records$.pipe(
            text,
            mergeMap((message) => (message === 'b' ? EMPTY : of(message, 'x'))),
          ),
        ),
      ).toBe('-(ax)--(cx)|');
      expect(failures).toEqual([]);
    });
  });

  it('ends a pipe whose operator throws with that error, and no other', () => {
    marbles(({ emitted, expectObservable }) => {
      const boom = new Error('boom');
      const refuseB = map((message: string) => {
        if (message === 'b') throw boom;
        return message;
      });
      expectObservable(emitted('-a-b-c-|', (records$) => records$.pipe(text, refuseB))).toBe(
        '-a-#',
        undefined,
        boom,
      );
      expectObservable(emitted('-a-b-c-|')).toBe('-a-b-c-|');
    });
  });
});

describe('an observer that logs after an await', () => {
  /** @returns what `observe` makes of one record, after all of its handling has come to rest */
  async function heard(
    observe: (emitter: MessageEmitter, hear: (message: string) => Promise<void>) => void,
  ): Promise<{ observer: string[]; others: string[] }> {
    const emitter = new MessageEmitter((error) => expect.unreachable(String(error)));
    const result = { observer: [] as string[], others: [] as string[] };
    emitter.own$.subscribe(({ record: { message } }) => result.others.push(message));
    observe(emitter, async (message) => {
      result.observer.push(message);
      await turns(1);
      // Were it an endless loop, the test would still end.
      if (result.observer.length < 20) emitter.say(`re ${message}`);
    });
    emitter.say('a');
    await turns(60);
    return result;
  }

  it('does not get what it logged, the others do', async () => {
    const { observer, others } = await heard((emitter, hear) => {
      emitter.records$.subscribe(({ message }) => hear(message));
    });
    expect(observer).toEqual(['a']);
    expect(others).toEqual(['a', 're a']);
  });

  it('nor behind an operator, whose promise nobody sees', async () => {
    const { observer } = await heard((emitter, hear) => {
      emitter.records$.pipe(mergeMap(({ message }) => hear(message))).subscribe();
    });
    expect(observer).toEqual(['a']);
  });

  it('nor from a timer that it started', async () => {
    const { observer } = await heard((emitter, hear) => {
      emitter.records$.subscribe(({ message }) => void setImmediate(() => void hear(message)));
    });
    expect(observer).toEqual(['a']);
  });

  it('hears another one that does the same, once', async () => {
    const { observer, others } = await heard((emitter, hear) => {
      emitter.records$.subscribe(({ message }) => hear(message));
      emitter.records$.subscribe(({ message }) => hear(message));
    });
    expect(others.toSorted()).toEqual(['a', 're a', 're a', 're re a', 're re a']);
    expect(observer).toHaveLength(4);
  });

  it("is told of what this package's own timers lead to, which serve everybody", async () => {
    const emitter = new MessageEmitter((error) => expect.unreachable(String(error)));
    const messages: string[] = [];
    emitter.own$.subscribe(({ record: { message } }) => {
      messages.push(message);
      if (message === 'a') setImmediate(() => emitter.say('a socket closed'));
    });
    emitter.say('a');
    await turns(5);
    expect(messages).toEqual(['a', 'a socket closed']);
  });
});

describe('GuardedObservable, in marbles', () => {
  it('is the observable that it guards, for any observer that does not throw', () => {
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(
      ({ cold, expectObservable, expectSubscriptions }) => {
        const source = cold('-a-b-#');
        const failures: unknown[] = [];
        const guarded = new GuardedObservable<string>(
          (error) => failures.push(error),
          (subscriber) => {
            const subscription = source.subscribe(subscriber);
            return () => subscription.unsubscribe();
          },
        );
        expectObservable(guarded).toBe('-a-b-#');
        expectObservable(guarded.pipe(map((value) => value)), '^--!').toBe('-a-');
        expectSubscriptions(source.subscriptions).toBe(['^----!', '^--!']);
        expect(failures).toEqual([]);
      },
    );
  });
});
