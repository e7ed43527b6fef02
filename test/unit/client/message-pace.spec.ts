import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MessagePace } from '../../../src/client/message-pace.js';
import { MessageRate } from '../../../src/monitor/protocol/message-rate.js';

describe('the pace of messages', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('keeps within what the server takes, whatever is asked, and sends all of it', () => {
    const reserve = fc.constantFrom(0, 0.1, 0.5);
    const step = fc.record({ ms: fc.nat({ max: 400 }), reserves: fc.array(reserve, { maxLength: 20 }) });
    fc.assert(
      fc.property(
        fc.array(step),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 100, max: 2_000 }),
        (steps, messages, windowMs) => {
          const rate = new MessageRate({ count: messages, windowMs });
          let sent = 0;
          const pace = new MessagePace({ messages, messages_window_ms: windowMs }, () => {
            sent += 1;
            expect(rate.accepts()).toBe(true);
          });
          let asked = 0;
          for (const { ms, reserves } of steps) {
            for (const reserve of reserves) pace.send(String((asked += 1)), reserve);
            vi.advanceTimersByTime(ms);
          }
          vi.runAllTimers();
          expect(sent).toBe(asked);
          expect(vi.getTimerCount()).toBe(0);
        },
      ),
    );
  });

  it('lets what is urgent pass what can wait', () => {
    const sent: string[] = [];
    const pace = new MessagePace({ messages: 10, messages_window_ms: 1_000 }, (text) => sent.push(text));
    for (let n = 0; n < 10; n++) pace.send('history', 0.5);
    pace.send('pause', 0);
    expect(sent).toEqual(['history', 'history', 'history', 'history', 'pause']);
    pace.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
