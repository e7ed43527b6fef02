import {
  type Authorizer,
  type BasicUsers,
  type BearerTokens,
  type Principal,
  anyOf,
  basicAuth,
  bearerToken,
} from 'nestjs-log-stream/access';
import { EMPTY, of } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { PrincipalError } from '../../../../src/monitor/access/principal-error.js';
import { selectSubprotocol } from '../../../../src/monitor/access/subprotocol.js';
import { aRequest, basic, bearer } from './a-request.js';

describe('a bearer token', () => {
  it.each([
    ['Bearer s3cret', true],
    ['bearer s3cret', true],
    ['BEARER  s3cret ', true],
    ['Bearer s3cre', undefined],
    ['Bearer s3cret0', undefined],
    ['Bearer S3CRET', undefined],
    ['Bearer', undefined],
    ['Bearer ', undefined],
    ['Bearers3cret', undefined],
    ['Bearer s3cret s3cret', undefined],
    ['Basic s3cret', undefined],
    ['s3cret', undefined],
    ['', undefined],
  ])('in the header "%s" lets watch: %s', async (authorization, answer) => {
    expect(await bearerToken('s3cret')(aRequest({ authorization }))).toBe(answer);
  });

  it.each([
    ['log-stream, bearer.s3cret', true],
    ['bearer.s3cret,log-stream', true],
    ['bearer.s3cret', true],
    ['bearer.', undefined],
    ['bearer.other', undefined],
    ['Bearer.s3cret', undefined],
    ['log-stream', undefined],
    ['xbearer.s3cret', undefined],
  ])('among the subprotocols "%s" lets watch: %s', async (offered, answer) => {
    const request = aRequest({ 'sec-websocket-protocol': offered });
    expect(await bearerToken(['other-secret', 's3cret'])(request)).toBe(answer);
  });

  it('tells who has it', async () => {
    const ann: Principal = { id: 'ann', categories: ['audit'] };
    const authorize = bearerToken(
      new Map<string, Principal | true>([
        ['a', ann],
        ['b', true],
      ]),
    );
    expect(await authorize(bearer('a'))).toBe(ann);
    expect(await authorize(bearer('b'))).toBe(true);
    expect(await authorize(bearer('c'))).toBeUndefined();
  });

  it('may be verified by the application, which is not asked without one', async () => {
    const verify = vi.fn(async (token: string) => token === 'jwt' && { id: 'ann' });
    expect(await bearerToken(verify)(bearer('jwt'))).toEqual({ id: 'ann' });
    expect(await bearerToken(verify)(bearer('no'))).toBe(false);
    expect(await bearerToken(verify)(aRequest())).toBeUndefined();
    expect(verify).toHaveBeenCalledTimes(2);
  });

  it.each([undefined, null, '', [], ['a', ''], ['a', undefined], new Map([['', true]]), new Map(), 5, {}])(
    'that is missing fails at start-up: %o',
    (tokens) => {
      expect(() => bearerToken(tokens as BearerTokens)).toThrow(
        /bearerToken\(\) needs .*environment variable/,
      );
    },
  );
});

describe('basic authentication', () => {
  const users: BasicUsers = { ann: 'pa:ss', bob: { password: 'é', principal: { categories: ['audit'] } } };

  it.each([
    ['ann:pa:ss', { id: 'ann' }],
    ['bob:é', { id: 'bob', categories: ['audit'] }],
    ['ann:pa', undefined],
    ['ann:é', undefined],
    ['ann', undefined],
    ['ann:', undefined],
    [':', undefined],
    ['', undefined],
    ['__proto__:x', undefined],
  ])('of "%s" answers %j', async (pair, answer) => {
    expect(await basicAuth(users)(basic(pair))).toEqual(answer);
  });

  it('may be verified by the application', async () => {
    const verify = vi.fn((name: string, password: string) => name === 'a' && password === 'b:c');
    expect(await basicAuth(verify)(basic('a:b:c'))).toBe(true);
    expect(await basicAuth(verify)(basic('abc'))).toBeUndefined();
    expect(await basicAuth(verify)(bearer('abc'))).toBeUndefined();
    expect(verify).toHaveBeenCalledTimes(1);
  });

  it.each([undefined, {}, { 'a:b': 'c' }, { ann: '' }, { ann: undefined }, { ann: { password: '' } }])(
    'that can let nobody, or anybody, in fails at start-up: %o',
    (wrong) => expect(() => basicAuth(wrong as unknown as BasicUsers)).toThrow('basicAuth() needs'),
  );
});

describe('a principal that is none', () => {
  const wrong = { id: 'ann', roles: [] } as Principal;

  it('fails at start-up', () => {
    expect(() => bearerToken(new Map([['a', wrong]]))).toThrow('`roles`');
    expect(() => bearerToken(new Map([['a', {}]]))).toThrow(PrincipalError);
    expect(() => bearerToken(new Map([['a', false as never]]))).toThrow(/bearerToken\(\) needs/);
    expect(() => basicAuth({ ann: { password: 'x', principal: wrong } })).toThrow('`roles`');
  });
});

describe('any of several authorizers', () => {
  const no = (): undefined => undefined;
  const broken = (): never => {
    throw new Error('database away');
  };

  it('lets watch whom one lets, and asks no further', async () => {
    const last = vi.fn(no);
    expect(await anyOf(no, async () => ({ id: 'a' }), last)(aRequest())).toEqual({ id: 'a' });
    expect(last).not.toHaveBeenCalled();
  });

  it('lets nobody watch whom none lets', async () => {
    expect(await anyOf(no, async () => false)(aRequest())).toBeUndefined();
    expect(await anyOf()(aRequest())).toBeUndefined();
  });

  it('reads the first value of an Observable, as the option does', async () => {
    expect(
      await anyOf(
        () => of(false),
        () => of({ id: 'b' }),
      )(aRequest()),
    ).toEqual({ id: 'b' });
    expect(
      await anyOf(
        () => EMPTY,
        () => of(false, true),
      )(aRequest()),
    ).toBeUndefined();
  });

  it('takes what is no principal for no answer, and says so when none lets', async () => {
    const wrong = (() => 'false') as unknown as Authorizer;
    expect(await anyOf(wrong, () => true)(aRequest())).toBe(true);
    await expect(async () => anyOf(no, wrong)(aRequest())).rejects.toThrow(PrincipalError);
  });

  it('is not kept from asking by one that throws, and throws when none lets', async () => {
    expect(await anyOf(broken, () => true)(aRequest())).toBe(true);
    await expect(async () => anyOf(no, broken, no)(aRequest())).rejects.toThrow('database away');
  });
});

describe('the subprotocol that is selected', () => {
  it.each([
    [['log-stream', 'bearer.x'], 'log-stream'],
    [['ticket.x', 'log-stream'], 'log-stream'],
    [['bearer.x'], false],
    [['graphql-ws'], false],
  ])('of %j is %s, never a credential', (offered, selected) => {
    expect(selectSubprotocol(new Set(offered))).toBe(selected);
  });
});
