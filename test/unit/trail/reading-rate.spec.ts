import { describe, expect, it } from 'vitest';
import { ReadingRate } from '../../../src/trail/reading-rate.js';

describe('the rate of readings', () => {
  it('lets each read so often in a window, and says when to come back', () => {
    const rate = new ReadingRate({ count: 2, windowMs: 1_000 });
    expect([0, 1, 2, 600].map((now) => rate.waitOf('ann', now))).toEqual([0, 0, 998, 400]);
    expect(rate.waitOf('bob', 600)).toBe(0);
    expect([1_000, 1_001, 1_002].map((now) => rate.waitOf('ann', now))).toEqual([0, 0, 998]);
  });

  it('forgets who does not come back', () => {
    const rate = new ReadingRate({ count: 2, windowMs: 1_000 });
    for (let n = 0; n < 10_000; n++) rate.waitOf(`reader ${n}`, n);
    const { size } = (rate as unknown as { windows: Map<string, unknown> }).windows;
    expect(size).toBeLessThanOrEqual(2_000);
  });
});
