import { describe, expect, it } from 'vitest';
import { UuidV7 } from '../../src/record/record-id.js';

const timeOf = (id: string): number => Number.parseInt(id.replace('-', '').slice(0, 12), 16);

describe('UuidV7', () => {
  it('has the layout of RFC 9562, section 5.7', () => {
    // The time of the example in appendix A.6.
    const id = new UuidV7().next(0x017f22e279b0);
    expect(id).toMatch(/^017f22e2-79b0-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });

  it('counts up within a millisecond, and when the clock is set back', () => {
    const ids = new UuidV7();
    const made = Array.from({ length: 20_000 }, (_, index) => ids.next(1_000 - (index % 3)));
    expect(made.toSorted()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
    expect(new Set(made.map(timeOf))).toEqual(new Set([1_000]));
  });

  it('follows the clock', () => {
    const ids = new UuidV7();
    const before = Date.now();
    const time = timeOf(ids.next());
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now());
  });
});
