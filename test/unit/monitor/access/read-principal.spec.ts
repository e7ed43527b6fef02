import { ForbiddenException, UnauthorizedException } from '@nestjs/common';
import { runInNewContext } from 'node:vm';
import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { Access } from '../../../../src/monitor/access/access.js';
import { isForbidden } from '../../../../src/monitor/access/forbidden.js';
import { PrincipalError } from '../../../../src/monitor/access/principal-error.js';
import { readPrincipal } from '../../../../src/monitor/access/read-principal.js';

const read = (answer: unknown): Access => readPrincipal(answer) as Access;

describe('what authorize answers', () => {
  it.each([false, undefined, null, 0, ''])('with %j is nobody', (answer) => {
    expect(readPrincipal(answer)).toBeUndefined();
  });

  it('with true may see everything', () => {
    expect(readPrincipal(true)).toBe(Access.EVERYTHING);
  });

  class User {
    readonly id = 'ann';
  }

  // What is truthy by accident: each of these once let everybody see everything.
  it.each([
    ['a text', 'false'],
    ['another text', 'ann'],
    ['a number', 1],
    ['a bigint', 1n],
    ['a symbol', Symbol('ann')],
    ['a function', () => false],
    ['a class', User],
    ['an object of a class', new User()],
    ['a Boolean', new Boolean(false)],
    ['an error', new UnauthorizedException()],
    ['a response', new Response(null, { status: 401 })],
    ['an error of HTTP as an object', { error: 'Unauthorized', statusCode: 401 }],
    ['an Observable', of(false)],
    ['a promise in a promise of another kind', { then: undefined }],
    ['a Map', new Map([['id', 'ann']])],
    ['a Set', new Set(['audit'])],
    ['a Date', new Date()],
    ['a Buffer', Buffer.from('ann')],
    ['a Proxy of a user', new Proxy(new User(), {})],
    ['the empty result of a query', []],
    ['the result of a query', [{ id: 'ann' }]],
    ['an object without fields', {}],
    ['an object whose only field is not set', { id: undefined }],
    ['an object whose id is null', { id: null, expiresAt: undefined }],
    ['the claims of a token', { sub: 'ann' }],
    ['a user', { id: 'ann', roles: ['ops'] }],
    ['another capitalisation', { id: 'ann', Categories: ['system'] }],
    ['capitals', { ID: 'ann' }],
    ['a symbol beside', { id: 'ann', [Symbol('filter')]: {} }],
    ['a hidden field beside', Object.defineProperty({ id: 'ann' }, 'Filter', { value: {} })],
    ['fields of a prototype', Object.create({ id: 'ann', categories: ['system'] })],
  ])('with %s is no principal, and refused', (_what, answer) => {
    expect(() => readPrincipal(answer)).toThrow(PrincipalError);
  });

  it.each([
    ['Categories', ['system'], '`categories`'],
    ['FILTER', {}, '`filter`'],
    ['expires_at', 5, '`expiresAt`'],
    ['roles', ['ops'], 'id, categories, filter and expiresAt'],
    [`a\u001b[2J\nb${'x'.repeat(500)}`, 1, 'a\ufffd[2J\ufffdbxxx'],
  ])('with the field %j beside its own is told what to change', (field, value, sentence) => {
    const read = (): unknown => readPrincipal({ id: 'ann', [field]: value });
    expect(read).toThrow(sentence);
    // A name may come from outside: neither a second line, nor a command, nor a long one.
    expect(read).toThrow(/^[^\p{Cc}]{1,400}$/u);
  });

  it.each([
    ['a realm of its own, as of a test runner', runInNewContext('({ id: "ann" })')],
    ['no prototype', Object.assign(Object.create(null) as object, { id: 'ann' })],
    ['a field that is not set beside', { id: 'ann', filter: undefined }],
    ['a name for a null', { id: null, categories: ['system'] }],
  ])('is a principal with %s', (_what, answer) => {
    expect(read(answer).categories).toContain('system');
  });

  it('that throws when it is looked at is no principal', () => {
    const hostile = new Proxy(
      {},
      {
        getPrototypeOf: () => {
          throw new Error('no');
        },
      },
    );
    expect(() => readPrincipal(hostile)).toThrow('no');
  });

  it.each([
    { id: 'ann' },
    { expiresAt: Number.MAX_SAFE_INTEGER },
    { filter: {} },
    { categories: ['audit', 'system'] },
  ])('with %j is somebody without restrictions', (answer) => {
    expect(read(answer).restricted).toBe(false);
    expect(read(answer).categories).toEqual(['system', 'audit']);
    expect(read(answer).narrow({ level: 'ERROR' })).toEqual([{ level: 'ERROR' }]);
  });

  it('puts categories and filter before the filter of the client', () => {
    const access = read({ categories: ['audit'], filter: { action: 'user_*' } });
    expect(access.restricted).toBe(true);
    expect(access.categories).toEqual(['audit']);
    expect(access.narrow({ category: 'system' })).toEqual([
      { category: 'audit' },
      { action: ['user_*'] },
      { category: 'system' },
    ]);
  });

  it('sees only the category that its filter leaves', () => {
    expect(read({ filter: { category: 'audit', level: 'ERROR' } }).categories).toEqual(['audit']);
  });

  it.each([{ categories: [] }, { categories: ['system'], filter: { category: 'audit' } }])(
    'with %j is known, but may see nothing',
    (answer) => expect(readPrincipal(answer)).toBe('forbidden'),
  );

  it.each([
    ['categories', 'audit'],
    ['categories', ['audits']],
    ['categories', null],
    ['categories', {}],
    ['filter', null],
    ['filter', 'level=ERROR'],
    ['filter', { lvl: 'ERROR' }],
    ['filter', { level: 'loud' }],
    ['expiresAt', '2030-01-01'],
    ['expiresAt', new Date('never')],
    ['expiresAt', Number.POSITIVE_INFINITY],
    ['expiresAt', null],
    ['id', ''],
    ['id', {}],
    ['category', 'audit'],
    ['filters', [{}]],
    ['expires', 5],
  ])('with `%s` as %o is no principal: a mistaken restriction must not become none', (field, value) => {
    expect(() => readPrincipal({ [field]: value })).toThrow(PrincipalError);
    expect(() => readPrincipal({ [field]: value })).toThrow(`\`${field}\``);
  });

  it('takes an id that is a number for its text', () => {
    expect(read({ id: 7 }).id).toBe('7');
    expect(read({ id: null, filter: {} }).id).toBeUndefined();
  });

  it('ends at a date or at a number of milliseconds', () => {
    const access = read({ expiresAt: new Date(5_000) });
    expect(access.expiresAt).toBe(5_000);
    expect(access.expired(4_999)).toBe(false);
    expect(access.expired(5_000)).toBe(true);
    expect(read({ expiresAt: 0 }).expired(0)).toBe(true);
    expect(read({ id: 'ann' }).expired()).toBe(false);
  });

  it('cannot be changed by its author afterwards', () => {
    const categories = ['system'];
    const filter = { logger: ['app.*'] };
    const access = read({ categories, filter });
    categories[0] = 'audit';
    filter.logger[0] = '*';
    expect(access.narrow({})).toEqual([{ category: 'system' }, { logger: ['app.*'] }, {}]);
  });
});

describe('what authorize throws', () => {
  it.each([
    [new ForbiddenException(), true],
    [Object.assign(new Error('no'), { status: 403 }), true],
    [{ status: 403 }, true],
    [new UnauthorizedException(), false],
    [new Error('403'), false],
    [undefined, false],
    [null, false],
    [403, false],
  ])('%o means forbidden: %s', (error, forbidden) => {
    expect(isForbidden(error)).toBe(forbidden);
  });

  it('may be anything, also an object that throws when it is read', () => {
    const error = Object.defineProperty({}, 'status', {
      get: () => {
        throw new Error('gone');
      },
    });
    expect(isForbidden(error)).toBe(false);
  });
});
