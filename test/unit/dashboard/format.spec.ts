import { afterEach, describe, expect, it, vi } from 'vitest';
import { connectionReason, connectionText } from '../../../src/dashboard/page/model/connection.js';
import {
  clockTime,
  count,
  duration,
  fullTime,
  shortCount,
} from '../../../src/dashboard/page/model/format.js';
import { TIME } from './rows.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('times', () => {
  it('are those of UTC, or of who reads them', () => {
    vi.stubEnv('TZ', 'America/St_Johns');
    expect(clockTime(TIME, 'utc')).toBe('18:30:45.123');
    expect(fullTime(TIME, 'utc')).toBe('2025-10-08 18:30:45.123 UTC');
    expect(clockTime(TIME, 'local')).toBe('16:00:45.123');
    expect(fullTime(TIME, 'local')).toBe('2025-10-08 16:00:45.123 -02:30');
  });
});

describe('numbers', () => {
  it.each([
    [0.123, '0.1 ms'],
    [9.96, '10 ms'],
    [340.4, '340 ms'],
    [1_250, '1.25 s'],
    [59_999, '1 m 00 s'],
    [125_000, '2 m 05 s'],
  ])('%d ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it.each([
    [999, '999', '999'],
    [1_234, '1,234', '1.2k'],
    [9_970, '9,970', '10k'],
    [20_400, '20,400', '20k'],
  ])('%d is %s, or %s where there is little room', (number, text, short) => {
    expect([count(number), shortCount(number)]).toEqual([text, short]);
  });
});

describe('the connection', () => {
  it('says what it does, and why', () => {
    const waiting = { phase: 'waiting', at: 10_000, attempt: 2, reason: 'closed with 1001' } as const;
    expect(connectionText(waiting, 7_100)).toBe('Reconnecting in 3 s');
    expect(connectionText(waiting, 10_000)).toBe('Reconnecting…');
    expect(connectionReason(waiting)).toBe('closed with 1001');
    expect(connectionText({ phase: 'live' }, 0)).toBe('Live');
    expect(connectionReason({ phase: 'live' })).toBeUndefined();
    expect(connectionReason({ phase: 'closed', reason: '', signIn: false })).toBeUndefined();
  });
});
