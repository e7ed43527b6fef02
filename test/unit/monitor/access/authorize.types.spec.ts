import { type IncomingMessage } from 'node:http';
import { Observable, of } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';
import { type Authorizer } from '../../../../src/monitor/access/index.js';
import { type Authorize } from '../../../../src/options/log-stream-options.js';

/** What a function would have to be that answers so. */
type Answering<T> = (request: IncomingMessage) => T;

describe('types of `authorize`', () => {
  it('takes what lets somebody in or refuses, at once or later', () => {
    expectTypeOf<Answering<boolean>>().toExtend<Authorize>();
    expectTypeOf<Answering<null>>().toExtend<Authorize>();
    expectTypeOf<() => undefined>().toExtend<Authorize>();
    expectTypeOf<Answering<never>>().toExtend<Authorize>();
    expectTypeOf<Answering<{ id: string; expiresAt: Date }>>().toExtend<Authorize>();
    expectTypeOf<
      Answering<{ categories: 'audit'[]; filter: { logger: string } } | null>
    >().toExtend<Authorize>();
    expectTypeOf<Answering<Promise<boolean>>>().toExtend<Authorize>();
    expectTypeOf<Answering<PromiseLike<{ id: string } | undefined>>>().toExtend<Authorize>();
    expectTypeOf<Answering<boolean | Promise<boolean> | Observable<boolean>>>().toExtend<Authorize>();
    expectTypeOf<Authorizer>().toExtend<Authorize>();
  });

  it('refuses to compile with what would refuse everybody, or was meant otherwise', () => {
    expectTypeOf<Answering<string>>().not.toExtend<Authorize>();
    expectTypeOf<Answering<number>>().not.toExtend<Authorize>();
    expectTypeOf<Answering<unknown>>().not.toExtend<Authorize>();
    expectTypeOf<Answering<Error>>().not.toExtend<Authorize>();
    expectTypeOf<Answering<globalThis.Response>>().not.toExtend<Authorize>();
    expectTypeOf<Answering<() => boolean>>().not.toExtend<Authorize>();
    expectTypeOf<Answering<{ name: string; email: string }>>().not.toExtend<Authorize>();
    expectTypeOf<Answering<{ id: number }>>().not.toExtend<Authorize>();
    expectTypeOf<Answering<{ categories: string[] }>>().not.toExtend<Authorize>();
    expectTypeOf<Answering<Promise<{ Categories: 'audit'[] }>>>().not.toExtend<Authorize>();
    expectTypeOf<Answering<Observable<string>>>().not.toExtend<Authorize>();
    expectTypeOf<Answering<Promise<Observable<boolean>>>>().not.toExtend<Authorize>();
    expectTypeOf<Answering<Promise<() => boolean>>>().not.toExtend<Authorize>();
  });

  it('knows what a function written in the options gets and may answer', () => {
    const answers: Authorize[] = [
      ({ headers }) => headers.authorization === 'Bearer secret',
      async ({ socket }) => (socket.remoteAddress ? { id: 'alice', categories: ['audit'] } : null),
      () => of({ categories: ['system'] }),
      () => {
        throw new Error('nobody');
      },
      // @ts-expect-error -- no category of ours
      () => ({ categories: ['audits'] }),
      // @ts-expect-error -- a text is no answer
      async () => 'false',
    ];
    expectTypeOf(answers).items.parameter(0).toEqualTypeOf<IncomingMessage>();
  });
});
