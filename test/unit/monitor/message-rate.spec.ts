import { describe, expect, it } from 'vitest';
import { MessageRate } from '../../../src/monitor/protocol/message-rate.js';

const MESSAGES_PER_WINDOW = 50;
const WINDOW_MS = 10_000;
const aRate = (): MessageRate => new MessageRate({ count: MESSAGES_PER_WINDOW, windowMs: WINDOW_MS });

/** How many of so many messages at one time are accepted. */
function accepted(rate: MessageRate, messages: number, now: number): number {
  return Array.from({ length: messages }, () => rate.accepts(now)).filter(Boolean).length;
}

describe('the rate of messages', () => {
  it('is 50 in ten seconds, and not one more', () => {
    expect(accepted(aRate(), 200, 0)).toBe(50);
  });

  it('counts anew when the window is over, and not before', () => {
    const rate = aRate();
    expect(accepted(rate, MESSAGES_PER_WINDOW, 5)).toBe(MESSAGES_PER_WINDOW);
    expect(rate.accepts(5 + WINDOW_MS - 1)).toBe(false);
    expect(accepted(rate, 200, 5 + WINDOW_MS)).toBe(MESSAGES_PER_WINDOW);
  });

  it('begins its window with the first message, whenever that comes', () => {
    const rate = aRate();
    expect(accepted(rate, 49, 123_456)).toBe(49);
    expect(rate.accepts(123_456 + WINDOW_MS - 1)).toBe(true);
    expect(rate.accepts(123_456 + WINDOW_MS - 1)).toBe(false);
  });

  it('is counted for each client apart', () => {
    const [one, other] = [aRate(), aRate()];
    accepted(one, 200, 0);
    expect(other.accepts(0)).toBe(true);
  });
});
