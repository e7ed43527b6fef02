import { describe, expect, it } from 'vitest';
import { type PlainObject } from '../../../src/wire/plain-value.js';
import { type LogRecord } from '../../../src/record/log-record.js';
import { compileFilter } from '../../../src/wire/filter/compile-filter.js';
import { type FieldValue } from '../../../src/wire/filter/filter-spec.js';
import { parseFilter } from '../../../src/wire/filter/parse-filter.js';
import { aRecord } from './specs.js';

function where(field: string, value: FieldValue, record: LogRecord): boolean {
  return compileFilter(parseFilter({ where: Object.fromEntries([[field, value]]) }))!(record);
}

function search(text: string, record: LogRecord): boolean {
  return compileFilter(parseFilter({ search: text }))!(record);
}

const audit = aRecord({
  category: 'audit',
  action: 'user_login',
  metadata: { role: 'admin', tags: ['x', 'y'], deep: { er: 1 } },
  id: '0198-id',
  origin: 'flag',
});

describe('a field of a record', () => {
  it.each<[string, FieldValue, PlainObject]>([
    ['memory_mb', 512, { memory_mb: 512 }],
    ['memory_mb', '512', { memory_mb: 512 }],
    ['flag', 'true', { flag: true }],
    ['flag', true, { flag: 'true' }],
    ['gone', null, { gone: null }],
    ['gone', 'null', { gone: null }],
    ['empty', '', { empty: '' }],
    ['a.b', 1, { 'a.b': 1 }],
    ['a.b', 1, { a: { b: 1 } }],
    ['a.b.c', 1, { a: { b: { c: 1 } } }],
    ['list.1', 'y', { list: ['x', 'y'] }],
    ['404', 'x', { '404': 'x' }],
    ['toString', 'x', { toString: 'x' }],
    ['metadata.role', 'admin', { metadata: { role: 'admin' } }],
    ['action', 'of a system record', { action: 'of a system record' }],
  ])('%s is %s', (field, value, extra) => {
    expect(where(field, value, aRecord({ extra }))).toBe(true);
  });

  it.each<[string, FieldValue, PlainObject]>([
    ['gone', null, {}],
    ['gone', 'undefined', {}],
    ['a', '[object Object]', { a: {} }],
    ['a', 'x', { a: ['x'] }],
    ['a.b', 1, { a: 'b' }],
    ['a.b.c', 1, { 'a.b': { c: 1 } }],
    ['text.length', 4, { text: 'four' }],
    ['toString.name', 'toString', {}],
    ['constructor.name', 'Object', {}],
    ['__proto__.constructor.name', 'Object', {}],
    ['number', '1.0', { number: 1 }],
  ])('%s is not %s', (field, value, extra) => {
    expect(where(field, value, aRecord({ extra }))).toBe(false);
  });

  it('may be called __proto__, at every place', () => {
    const extra = JSON.parse('{"__proto__":"x","in":{"__proto__":{"deep":1}}}') as PlainObject;
    expect(where('__proto__', 'x', aRecord({ extra }))).toBe(true);
    expect(where('in.__proto__.deep', 1, aRecord({ extra }))).toBe(true);
    expect(where('__proto__', 'x', aRecord())).toBe(false);
  });

  it.each<[string, FieldValue]>([
    ['action', 'user_login'],
    ['metadata.role', 'admin'],
    ['metadata.tags.1', 'y'],
    ['metadata.deep.er', 1],
    ['level', 'INFO'],
    ['logger', 'root'],
    ['message', ''],
    ['timestamp', '2025-10-08T00:00:00.000Z'],
    ['id', '0198-id'],
    ['origin', 'flag'],
  ])('may be one that every record has: %s', (field, value) => {
    expect(where(field, value, audit)).toBe(true);
    expect(where(field, 'another', audit)).toBe(false);
  });

  it('with dots in its own name goes before the way into an object', () => {
    const record = aRecord({ extra: { 'a.b': 'flat', a: { b: 'deep' } } });
    expect(where('a.b', 'flat', record)).toBe(true);
    expect(where('a.b', 'deep', record)).toBe(false);
  });

  it('may be in the error of a record', () => {
    const record = aRecord({ error: { name: 'TypeError', message: 'oops', cause: { code: 'E1' } } as never });
    expect(where('error.name', 'TypeError', record)).toBe(true);
    expect(where('error.cause.code', 'E1', record)).toBe(true);
  });
});

const PAID = { message: 'Order paid', extra: { user_id: 5, ids: [1, 2, 3], order: { id: 'ord-77' } } };

describe('a search', () => {
  it.each<[string, LogRecord]>([
    ['time-out', aRecord({ message: 'A Time-Out happened' })],
    ['SERVER', aRecord({ logger: 'app.server' })],
    ['spawnInst', aRecord({ function: 'spawnInstance' })],
    ['orders.service', aRecord({ module: 'orders.service' })],
    ['login', audit],
    ['ADMIN', audit],
    ['512', aRecord({ extra: { memory_mb: 1512.5 } })],
    ['needle', aRecord({ extra: { a: [{ b: { c: ['hay', 'a Needle'] } }] } })],
    ['true', aRecord({ extra: { flag: true } })],
    ['econn', aRecord({ error: { name: 'Error', message: 'x', cause: { code: 'ECONNRESET' } } as never })],
    ['ÄRGER', aRecord({ message: 'ärger' })],
    ['memory_mb', aRecord({ extra: { memory_mb: 1 } })],
    ['paid user_id=5 ids=[1,2,3] order={"id":"ord-77"}', aRecord(PAID)],
    ['"id":"ord-77"', aRecord(PAID)],
    ['order paid user_id', aRecord(PAID)],
    ['2025-10-08T00:00', aRecord()],
    ['2025-10-08 00:00:00.000 info root', aRecord()],
    ['app.db deadlock', aRecord({ logger: 'app.db', message: '\u001b[31mdead\u001b[1mlock\u001b[0m' })],
    ['STRASSE', aRecord({ message: 'die Straße' })],
    ['cafe\u0301', aRecord({ extra: { place: 'Caf\u00e9' } })],
    ['istanbul', aRecord({ message: 'İstanbul' })],
  ])('for %s finds it', (text, record) => {
    expect(search(text, record)).toBe(true);
  });

  it.each<[string, LogRecord]>([
    ['31m', aRecord({ message: '\u001b[31mred' })],
    ['undefined', aRecord()],
    ['[object', aRecord({ extra: { a: {} } })],
    ['a.b', aRecord({ message: 'aXb' })],
    ['truncated', aRecord()],
  ])('for %s finds nothing that is not written', (text, record) => {
    expect(search(text, record)).toBe(false);
  });

  it('takes its text by the letter, without patterns', () => {
    expect(search('a*', aRecord({ message: 'aaa' }))).toBe(false);
    expect(search('a*', aRecord({ message: 'a*' }))).toBe(true);
  });
});
