import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClientError } from '../../../src/wire/client-error.js';
import { parseConnection } from '../../../src/monitor/protocol/connection-request.js';
import { runs } from '../../harness/property-runs.js';

describe('the URL of a connection', () => {
  it.each<[string, object]>([
    ['', { extended: false, filter: {} }],
    ['/ws/monitor', { extended: false, filter: {} }],
    ['/ws/monitor?', { extended: false, filter: {} }],
    ['/m?v=1', { extended: true, filter: {} }],
    ['/m?V=1&token=x&_=1', { extended: false, filter: {} }],
    ['/m?replay=100', { extended: false, filter: {}, replay: { last: 100 } }],
    ['/m?replay=0', { extended: false, filter: {}, replay: { last: 0 } }],
    ['/m?after=e-1', { extended: false, filter: {}, replay: { after: 'e-1' } }],
    ['/m?after=e-1&replay=5', { extended: false, filter: {}, replay: { after: 'e-1' } }],
    ['/m?category=audit&level=WARNING', { extended: false, filter: { category: 'audit', level: 'WARNING' } }],
    ['/m?levels=ERROR,DEBUG', { extended: false, filter: { levels: ['DEBUG', 'ERROR'] } }],
    ['/m?logger=a.*,b&logger=c', { extended: false, filter: { logger: ['a.*', 'b', 'c'] } }],
    ['/m?action=user_%2A', { extended: false, filter: { action: ['user_*'] } }],
    ['/m?search=time+out%3F', { extended: false, filter: { search: 'time out?' } }],
    ['/m?where.a.b=1&where.c=', { extended: false, filter: { where: { 'a.b': '1', c: '' } } }],
    ['/m?where.a=1&where.a=2', { extended: false, filter: { where: { a: '2' } } }],
    [
      '/m?not.level=ERROR&not.where.a=1',
      { extended: false, filter: { not: { level: 'ERROR', where: { a: '1' } } } },
    ],
    [
      '/m?not.logger=a,b&level=INFO',
      { extended: false, filter: { level: 'INFO', not: { logger: ['a', 'b'] } } },
    ],
    ['/m?not.unknown=1&not.=2&not.not.level=INFO', { extended: false, filter: {} }],
    ['/m?search=a?b', { extended: false, filter: { search: 'a?b' } }],
  ])('%s', (url, expected) => {
    expect(parseConnection(url)).toEqual(expected);
  });

  it('may name a field __proto__', () => {
    const { filter } = parseConnection('/m?where.__proto__=x');
    expect(Object.entries(filter.where!)).toEqual([['__proto__', 'x']]);
  });

  it('whatever it is, is read or refused with a coded error', () => {
    const name = fc.oneof(
      fc.constantFrom(
        'v',
        'level',
        'levels',
        'logger',
        'where.a',
        'where.',
        'not.level',
        'replay',
        'after',
        'search',
      ),
      fc.string(),
    );
    const query = fc
      .array(fc.tuple(name, fc.oneof(fc.string(), fc.constantFrom('1', 'INFO', '-1', 'a,b'))))
      .map((entries) => `/m?${new URLSearchParams(entries).toString()}`);
    const outcome = (url: string): unknown => {
      try {
        return parseConnection(url).filter;
      } catch (error) {
        return error;
      }
    };
    fc.assert(
      fc.property(fc.oneof(query, fc.string(), fc.webUrl({ withQueryParameters: true })), (url) => {
        const result = outcome(url);
        expect(!(result instanceof Error) || result instanceof ClientError).toBe(true);
      }),
      { numRuns: runs(1_000) },
    );
  });
});
