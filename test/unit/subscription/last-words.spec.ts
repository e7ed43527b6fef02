import { describe, expect, it } from 'vitest';
import { LastWords } from '../../../src/subscription/last-words.js';

describe('last words', () => {
  it('go at once while that takes little of the time, and again in the next second', () => {
    const words = new LastWords();
    const asked = [
      [0, 5_000],
      [99, 5_300],
      [100, 5_400],
      [180, 5_999],
      [180, 6_000],
      [279, 6_100],
      [280, 6_200],
    ].map(([spent, now]) => words.mayGoNow(spent!, now!));
    expect(asked).toEqual([true, true, false, false, true, true, false]);
  });
});
