import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pulse } from '../../../src/monitor/session/pulse.js';

describe('the pulse', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function pulse(): { pulse: Pulse<string>; events: string[] } {
    const events: string[] = [];
    return {
      pulse: new Pulse<string>(
        () => void events.push('before'),
        (member) => void events.push(member),
      ),
      events,
    };
  }

  it('beats for every member each five seconds, after what comes before', () => {
    const { pulse: beating, events } = pulse();
    beating.add('a');
    beating.add('b');
    events.length = 0;
    vi.advanceTimersByTime(4_999);
    expect(events).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(events).toEqual(['before', 'a', 'b']);
    vi.advanceTimersByTime(5_000);
    expect(events).toEqual(['before', 'a', 'b', 'before', 'a', 'b']);
  });

  it('looks once when the first member comes, so that the first beat tells of the time since', () => {
    const { pulse: beating, events } = pulse();
    expect(events).toEqual([]);
    beating.add('a');
    beating.add('b');
    expect(events).toEqual(['before']);
  });

  it('has a timer only while it has members', () => {
    const { pulse: beating, events } = pulse();
    expect(vi.getTimerCount()).toBe(0);
    beating.add('a');
    beating.add('b');
    expect(vi.getTimerCount()).toBe(1);
    beating.remove('a');
    expect(vi.getTimerCount()).toBe(1);
    beating.remove('b');
    expect(vi.getTimerCount()).toBe(0);
    events.length = 0;
    vi.advanceTimersByTime(20_000);
    expect(events).toEqual([]);
    beating.add('c');
    vi.advanceTimersByTime(5_000);
    expect(events).toEqual(['before', 'before', 'c']);
  });

  it('may lose members while it beats', () => {
    const events: string[] = [];
    const beating: Pulse<string> = new Pulse<string>(
      () => {},
      (member) => {
        events.push(member);
        for (const other of ['a', 'b', 'c']) beating.remove(other);
      },
    );
    for (const member of ['a', 'b', 'c']) beating.add(member);
    vi.advanceTimersByTime(15_000);
    expect(events).toEqual(['a']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
