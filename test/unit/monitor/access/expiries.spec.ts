import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Expiries } from '../../../../src/monitor/access/expiries.js';

describe('the ends of permissions', () => {
  let ended: string[];
  let expiries: Expiries<string>;
  const inMs = (ms: number): number => Date.now() + ms;

  beforeEach(() => {
    vi.useFakeTimers();
    ended = [];
    expiries = new Expiries((member) => void ended.push(member));
  });

  afterEach(() => void vi.useRealTimers());

  it('cost one timer for all, and none without any', () => {
    expiries.add('never', undefined);
    expect(vi.getTimerCount()).toBe(0);
    expiries.add('late', inMs(2_000));
    expiries.add('early', inMs(1_000));
    expect(vi.getTimerCount()).toBe(1);
    expiries.remove('late');
    expiries.remove('early');
    expiries.remove('never');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('come at their time, to the millisecond, in whatever order they were added', () => {
    for (const ms of [3_000, 1_000, 2_000, 1_000]) expiries.add(`${ms} ${ended.length}`, inMs(ms));
    expiries.add('again', inMs(1_000));
    vi.advanceTimersByTime(999);
    expect(ended).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(ended).toEqual(['1000 0', 'again']);
    vi.advanceTimersByTime(2_000);
    expect(ended).toEqual(['1000 0', 'again', '2000 0', '3000 0']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('come at once when they are over', () => {
    expiries.add('late comer', inMs(-5));
    vi.advanceTimersByTime(0);
    expect(ended).toEqual(['late comer']);
  });

  it('do not come for who is gone', () => {
    expiries.add('gone', inMs(1_000));
    expiries.add('there', inMs(1_000));
    expiries.remove('gone');
    vi.advanceTimersByTime(1_000);
    expect(ended).toEqual(['there']);
  });

  it('that are months away do not come at once', () => {
    expiries.add('next year', inMs(365 * 86_400_000));
    expiries.add('never', Number.MAX_VALUE);
    vi.advanceTimersByTime(86_400_000);
    expect(ended).toEqual([]);
    expect(vi.getTimerCount()).toBe(1);
  });

  it('are noticed within half a minute when the clock was set', () => {
    expiries.add('a day', inMs(86_400_000));
    vi.setSystemTime(inMs(86_400_000));
    vi.advanceTimersByTime(30_000);
    expect(ended).toEqual(['a day']);
  });
});
