import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClientError } from '../../../src/wire/client-error.js';
import {
  type ClientRequest,
  parseMessage,
  parseRequest,
} from '../../../src/monitor/protocol/client-message.js';
import { runs } from '../../harness/property-runs.js';

function request(event: string, data?: unknown): ClientRequest {
  return parseRequest({ event, data });
}

describe('the outer form of a message', () => {
  it.each<[string, object]>([
    ['{"event":"ping"}', { event: 'ping', data: undefined }],
    ['{"event":"x","data":null,"id":1}', { event: 'x', data: null, id: 1 }],
    ['{"event":"","data":{"a":1},"id":""}', { event: '', data: { a: 1 }, id: '' }],
    ['{"event":"x","id":null}', { event: 'x', data: undefined }],
    ['{"event":"x","id":{"a":1},"more":true}', { event: 'x', data: undefined }],
    [' {"event":"x"}\n', { event: 'x', data: undefined }],
  ])('%s is read', (text, message) => {
    expect(parseMessage(text)).toEqual(message);
  });

  it.each<[string | undefined, string]>([
    [undefined, 'binary_message'],
    ['', 'invalid_json'],
    ['ping', 'invalid_json'],
    ['null', 'invalid_message'],
    ['"ping"', 'invalid_message'],
    ['[{"event":"ping"}]', 'invalid_message'],
    ['{"Event":"ping"}', 'invalid_message'],
  ])('%s is refused as %s', (text, code) => {
    expect(() => parseMessage(text)).toThrow(expect.objectContaining({ name: 'ClientError', code }));
  });
});

describe('a request', () => {
  it.each<[string, unknown, object]>([
    ['ping', { ignored: 1 }, { event: 'ping' }],
    ['pause', undefined, { event: 'pause' }],
    ['resume', null, { event: 'resume' }],
    ['hello', { v: 1, more: 2 }, { event: 'hello' }],
    ['subscribe', undefined, { event: 'subscribe', filter: {} }],
    ['subscribe', { filter: null }, { event: 'subscribe', filter: {} }],
    ['subscribe', { replay: { last: 0 } }, { event: 'subscribe', filter: {}, replay: { last: 0 } }],
    ['subscribe', { replay: { after: 'e-c' } }, { event: 'subscribe', filter: {}, replay: { after: 'e-c' } }],
    ['history', { from: 1 }, { event: 'history', from: 1, limit: 1_000 }],
    ['history', { from: 3, to: 3, limit: 1 }, { event: 'history', from: 3, to: 3, limit: 1 }],
  ])('%s with %j is read', (event, data, expected) => {
    expect(request(event, data)).toEqual(expected);
  });

  it.each<[string, unknown, string, string]>([
    ['hello', { v: '1' }, 'unsupported_version', 'data.v'],
    ['hello', [1], 'unsupported_version', 'data.v'],
    ['subscribe', { filter: { level: 'x' } }, 'invalid_filter', 'data.filter.level'],
    ['subscribe', { filter: [] }, 'invalid_filter', 'data.filter'],
    ['subscribe', { replay: 100 }, 'invalid_replay', 'data.replay'],
    ['subscribe', { replay: { last: 10_000_001 } }, 'invalid_replay', 'data.replay'],
    ['subscribe', { replay: { last: '5' } }, 'invalid_replay', 'data.replay'],
    ['subscribe', { replay: { after: 'nonsense' } }, 'invalid_replay', 'data.replay'],
    ['history', { from: '1' }, 'invalid_range', 'data.from'],
    ['history', { from: 1.5 }, 'invalid_range', 'data.from'],
    ['history', { from: 2 ** 53 }, 'invalid_range', 'data.from'],
    ['history', { from: 1, to: '2' }, 'invalid_range', 'data.to'],
    ['history', { from: 1, to: null }, 'invalid_range', 'data.to'],
    ['history', { from: 1, limit: null }, 'invalid_range', 'data.limit'],
    ['toString', undefined, 'unknown_event', 'event'],
    ['__proto__', undefined, 'unknown_event', 'event'],
  ])('%s with %j is refused as %s at %s', (event, data, code, path) => {
    expect(() => request(event, data)).toThrow(expect.objectContaining({ code, path }));
  });

  it('with a huge event is not sent back in full', () => {
    expect(() => request('x'.repeat(60_000))).toThrow(/^.{0,100}$/);
  });

  it('whatever it is, is read or refused with a coded error', () => {
    const event = fc.constantFrom('hello', 'subscribe', 'history', 'pause', 'x');
    const key = fc.constantFrom(
      'v',
      'filter',
      'replay',
      'last',
      'after',
      'from',
      'to',
      'limit',
      'not',
      'level',
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof({ depthSize: 'small' }, fc.jsonValue(), fc.nat(), fc.dictionary(key, tie('value'))),
    }));
    const outcome = (name: string, data: unknown): unknown => {
      try {
        return request(name, data);
      } catch (error) {
        return error;
      }
    };
    fc.assert(
      fc.property(event, value, (name, data) => {
        const result = outcome(name, data);
        expect(!(result instanceof Error) || result instanceof ClientError).toBe(true);
      }),
      { numRuns: runs(1_000) },
    );
  });
});
