import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Inbound } from '../../../src/monitor/inbound.js';

const check = (text: string | undefined) => new Inbound().check(text);

describe('what a client sends', () => {
  it.each([
    ['a binary message', undefined, 'binary_message'],
    ['an empty text', '', 'invalid_json'],
    ['half an object', '{"event":', 'invalid_json'],
    ['a text', '"subscribe"', 'invalid_message'],
    ['null', 'null', 'invalid_message'],
    ['a number', '1', 'invalid_message'],
    ['an array', '["event"]', 'invalid_message'],
    ['an object without event', '{"data":1}', 'invalid_message'],
    ['an event that is no text', '{"event":{}}', 'invalid_message'],
    ['an event that nobody handles', '{"event":"launch"}', 'unknown_event'],
    ['the name of an inherited property', '{"event":"constructor"}', 'unknown_event'],
  ])('is answered: %s', (_, text, code) => {
    expect(check(text)).toMatchObject({ code, message: expect.stringMatching(/\w+.*\.$/) });
  });

  it.each(['abc', '', 7, 0, -1.5])('is answered with its id %j', (id) => {
    expect(check(JSON.stringify({ event: 'x', id }))).toHaveProperty('id', id);
  });

  it.each([[null], [{}], [[1]], [true]])('is answered without an id when that is %j', (id) => {
    expect(check(JSON.stringify({ event: 'x', id }))).not.toHaveProperty('id');
  });

  it('is named in the answer by no more than 64 characters', () => {
    expect(check(JSON.stringify({ event: 'x'.repeat(60_000) })).message.length).toBeLessThan(100);
  });

  it('is never a reason to throw', () => {
    const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.constant(undefined));
    fc.assert(
      fc.property(anything, (text) => {
        expect(check(text).code).toMatch(/^(binary_message|invalid_json|invalid_message|unknown_event)$/);
      }),
    );
  });
});

describe('the limit of messages', () => {
  const codes = (inbound: Inbound, count: number, now: number): string[] =>
    Array.from({ length: count }, () => inbound.check('{"event":"x"}', now).code);

  it('answers 50 in 10 s and no more', () => {
    const inbound = new Inbound();
    expect(codes(inbound, 50, 1000)).toEqual(Array(50).fill('unknown_event'));
    expect(codes(inbound, 1, 10_999)).toEqual(['too_many_messages']);
  });

  it('answers again in the next window', () => {
    const inbound = new Inbound();
    codes(inbound, 51, 1000);
    expect(codes(inbound, 1, 11_000)).toEqual(['unknown_event']);
  });

  it('counts what is malformed and what is binary too', () => {
    const inbound = new Inbound();
    for (let i = 0; i < 25; i++) {
      inbound.check('{', 0);
      inbound.check(undefined, 0);
    }
    expect(inbound.check('{"event":"x"}', 0).code).toBe('too_many_messages');
  });
});
