import { ForbiddenException, UnauthorizedException } from '@nestjs/common';
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

  it.each([true, 'ann', 1])('with %j may see everything', (answer) => {
    expect(readPrincipal(answer)).toBe(Access.EVERYTHING);
  });

  it.each([
    {},
    { sub: 'ann' },
    { id: 'ann', roles: ['ops'] },
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
    ['filter', { level: 'error' }],
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

  it('with an empty list, as of a query, is no principal', () => {
    expect(() => readPrincipal([])).toThrow(PrincipalError);
  });

  it('takes an id that is a number for its text', () => {
    expect(read({ id: 7 }).id).toBe('7');
    expect(read({ id: null }).id).toBeUndefined();
  });

  it('ends at a date or at a number of milliseconds', () => {
    const access = read({ expiresAt: new Date(5_000) });
    expect(access.expiresAt).toBe(5_000);
    expect(access.expired(4_999)).toBe(false);
    expect(access.expired(5_000)).toBe(true);
    expect(read({ expiresAt: 0 }).expired(0)).toBe(true);
    expect(read({}).expired()).toBe(false);
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
