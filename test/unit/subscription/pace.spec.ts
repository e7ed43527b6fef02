import { describe, expect, it } from 'vitest';
import { Pace } from '../../../src/subscription/pace.js';

describe('the pace of a client that is behind', () => {
  it('is one chunk as long as it comes nearer', () => {
    const pace = new Pace();
    expect([100, 90, 50, 1].map((distance) => pace.next(distance))).toEqual([1, 1, 1, 1]);
  });

  it('doubles each time that it does not, up to a bound, and stays there', () => {
    const pace = new Pace();
    expect([10, 10, 11, 12, 13, 14, 15, 9].map((distance) => pace.next(distance))).toEqual([
      1, 2, 4, 8, 16, 16, 16, 16,
    ]);
  });

  it('starts anew when the group was reached', () => {
    const pace = new Pace();
    pace.next(5);
    pace.next(5);
    pace.reset();
    expect(pace.next(5)).toBe(1);
  });
});
