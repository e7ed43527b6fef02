import { types } from 'node:util';
import { concatMap, defer, isObservable, Observable, tap } from 'rxjs';
import { type AuditCall } from './audit-call.js';
import { insideOf } from './audit-scope.js';
import { heldBack } from './held-back.js';
import { isThenable } from '../describe/read-path.js';

/**
 * Watches what a method returned, until it has really ended, and gives back what the caller would have got: a promise
 * settles the same way, an Observable is still cold, a generator still waits to be asked.
 */
export function followResult(returned: unknown, call: AuditCall): unknown {
  if (types.isPromise(returned)) return followPromise(returned, call);
  if (isObservable(returned)) return followObservable(returned, call);
  if (isGenerator(returned, 'AsyncGenerator')) {
    call.keepOpen();
    return followAsyncGenerator(returned as AsyncGenerator, call.again());
  }
  if (isGenerator(returned, 'Generator')) {
    call.keepOpen();
    return followGenerator(returned as Generator, call.again());
  }
  if (isThenable(returned)) return followThenable(returned, call);
  call.returned(returned);
  return returned;
}

/** The promise returned is the one that can go unhandled, as before: watching must not hide that nobody awaits. */
function followPromise(promise: Promise<unknown>, call: AuditCall): Promise<unknown> {
  return promise.then(
    (value) => followResult(value, call),
    (error: unknown) => {
      call.threw(error);
      throw error;
    },
  );
}

/** A lazy query that runs when it is awaited, and is still a query builder until then. */
function followThenable(thenable: PromiseLike<unknown>, call: AuditCall): unknown {
  return new Proxy(thenable, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key);
      if (key !== 'then') return value;
      return (...handlers: Parameters<PromiseLike<unknown>['then']>) =>
        watchThen(target, call).then(...handlers);
    },
  });
}

function watchThen(thenable: PromiseLike<unknown>, call: AuditCall): PromiseLike<unknown> {
  return followPromise(Promise.resolve(thenable), call);
}

/** Each subscription runs the work once more, so each is a call of its own; without any there was none. */
export function followObservable(source: Observable<unknown>, call: AuditCall): Observable<unknown> {
  return new Observable((subscriber) => {
    const subscription = call.again();
    subscription.becomeStream();
    let last: unknown;
    const watched = admitted(source, subscription).pipe(
      tap({
        next: (value) => (last = value),
        error: (error) => subscription.threw(error),
        complete: () => subscription.returned(last),
        unsubscribe: () => subscription.abandoned(),
      }),
    );
    const followed = subscription.isClosed ? heldBack(watched, subscription) : watched;
    return insideOf(subscription, () => followed.subscribe(subscriber));
  });
}

function admitted(source: Observable<unknown>, call: AuditCall): Observable<unknown> {
  if (!call.isClosed || call.hasBegun) return source;
  return defer(() => call.admit()).pipe(
    concatMap(() => {
      call.begin();
      return source;
    }),
  );
}

/** `yield*` hands `next`, `return` and `throw` on to the method's own generator, and values back. */
export async function* followAsyncGenerator(source: AsyncGenerator, call: AuditCall): AsyncGenerator {
  call.becomeStream();
  let end = (): void => call.abandoned();
  try {
    const result: unknown = yield* source;
    end = () => call.returned(result);
    return result;
  } catch (error) {
    end = () => call.threw(error);
    throw error;
  } finally {
    end();
    if (call.recorded) await call.recorded;
  }
}

function* followGenerator(source: Generator, call: AuditCall): Generator {
  let end = (): void => call.abandoned();
  try {
    const result: unknown = yield* source;
    end = () => call.returned(result);
    return result;
  } catch (error) {
    end = () => call.threw(error);
    throw error;
  } finally {
    end();
  }
}

function isGenerator(value: unknown, tag: 'AsyncGenerator' | 'Generator'): boolean {
  return Object.prototype.toString.call(value) === `[object ${tag}]`;
}
