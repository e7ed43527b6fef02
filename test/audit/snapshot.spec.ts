import fc from 'fast-check';
import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { REDACTED, snapshot } from '../../src/audit/describe/snapshot.js';

describe('snapshot()', () => {
  it('equals what it was taken of, and shares nothing that can change', () => {
    fc.assert(
      fc.property(
        fc.object({ withDate: true, withMap: true, withSet: true, withNullPrototype: true }),
        (value) => {
          const copy = snapshot(value);
          expect(copy).toEqual(value);
          expect(copy).not.toBe(value);
        },
      ),
    );
  });

  it('keeps cycles and shared objects', () => {
    const shared = { n: 1 };
    const value: Record<string, unknown> = { a: shared, b: shared, list: [] };
    value['self'] = value;
    const copy = snapshot(value);
    expect(copy['self']).toBe(copy);
    expect(copy['a']).toBe(copy['b']);
    expect(copy['a']).not.toBe(shared);
  });

  it('keeps what lives as it is', () => {
    const alive = [
      new EventEmitter(),
      Readable.from([]),
      Promise.resolve(),
      of(1),
      Buffer.from('x'),
      new Error('e'),
      () => 1,
      new Proxy({}, {}),
      new WeakMap(),
    ];
    expect(snapshot(alive).every((value, index) => value === alive[index])).toBe(true);
    const kept = { n: 1 };
    expect(snapshot({ kept }, { verbatim: new Set([kept]) }).kept).toBe(kept);
  });

  it('runs no accessors', () => {
    const value = {
      get broken(): never {
        throw new Error('hostile');
      },
    };
    expect(() => snapshot(value)).not.toThrow();
    expect(() => snapshot(value, { redact: ['other'] })).not.toThrow();
    expect(snapshot(value, { redact: ['broken'] }).broken).toBe(REDACTED);
  });

  it('has a bound in depth and number', () => {
    let deep: Record<string, unknown> = {};
    for (let i = 0; i < 100_000; i++) deep = { deep };
    expect(() => snapshot(deep)).not.toThrow();
    const wide = Array.from({ length: 50_000 }, () => ({}));
    const copy = snapshot(wide);
    expect(copy[0]).not.toBe(wide[0]);
    expect(copy.at(-1)).toBe(wide.at(-1));
  });

  it('copies frozen objects', () => {
    expect(snapshot(Object.freeze({ a: Object.freeze([1]) }))).toEqual({ a: [1] });
  });
});
