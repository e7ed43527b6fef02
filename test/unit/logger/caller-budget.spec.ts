import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallerBudget } from '../../../src/logger/caller-budget.js';

/** A storm: a line every `everyMs`, for some seconds. @returns look-ups and their cost, as it was estimated, per second */
function storm(
  budget: CallerBudget,
  { watched = false, important = false, everyMs = 0.05, seconds = 20, from = 0 } = {},
): { lookUps: number; ms: number } {
  let lookUps = 0;
  let ms = 0;
  for (let line = 0; line * everyMs < seconds * 1_000; line++) {
    const cost = budget.estimate;
    if (!budget.take(Math.floor(from + line * everyMs), watched, important)) continue;
    lookUps += 1;
    ms += cost;
  }
  return { lookUps: lookUps / seconds, ms: ms / seconds };
}

describe('the budget of look-ups', () => {
  it.each([
    ['nobody watches', {}, 20],
    ['somebody watches', { watched: true }, 50],
    ['nobody watches and all is important', { important: true }, 70],
    ['somebody watches and all is important', { watched: true, important: true }, 100],
  ])('spends the milliseconds of a second that it may when %s', (_when, how, most) => {
    const budget = new CallerBudget();
    storm(budget, how);
    const { ms } = storm(budget, { ...how, from: 20_000 });
    expect(ms).toBeGreaterThan(0.9 * most);
    expect(ms).toBeLessThanOrEqual(1.02 * most);
  });

  it('has something for each of a few hundred lines a second, and for a burst at first', () => {
    const budget = new CallerBudget();
    expect(storm(budget, { everyMs: 2 }).lookUps).toBe(500);
    expect(storm(new CallerBudget(), { everyMs: 0.001, seconds: 1 }).lookUps).toBeGreaterThan(2_000);
  });

  it('makes a thousand look-ups a second at least, however long they seem to take', () => {
    const budget = new CallerBudget();
    for (let time = 0; time < 1_000; time++) budget.measured(5);
    expect(storm(budget).lookUps).toBeGreaterThanOrEqual(1_000);
  });

  it('takes a low quantile of what was measured: a machine with other work to do makes most of it too long', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.integer({ min: 0, max: 9 })), (chance) => {
        const budget = new CallerBudget();
        for (let time = 0; time < 500; time++) budget.measured(chance.next().value < 5 ? 0.006 : 0.4);
        expect(budget.estimate).toBeLessThan(0.009);
        expect(budget.estimate).toBeGreaterThan(0.004);
      }),
      { numRuns: 20 },
    );
  });

  it('saves no more than a second of it, and loses nothing when the clock is set back', () => {
    const budget = new CallerBudget();
    storm(budget);
    const burst = (time: number): number => {
      let lookUps = 0;
      while (budget.take(time, false, false)) lookUps += 1;
      return lookUps;
    };
    expect(burst(1e9)).toBeLessThanOrEqual(20 / budget.estimate + 1);
    expect(burst(1)).toBe(0);
    expect(burst(501)).toBeGreaterThan(0);
  });
});
