import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FlushSchedule } from '../../../src/subscription/flush-schedule.js';

describe('a flush schedule', () => {
  const flush = vi.fn<(urgent: boolean) => void>();
  let schedule: FlushSchedule;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate'] });
    flush.mockReset();
    schedule = new FlushSchedule({ windowMs: 20, records: 5 }, flush);
  });

  afterEach(() => {
    schedule.stop();
    vi.useRealTimers();
  });

  const arrive = (count: number): void => {
    for (let i = 0; i < count; i++) schedule.arrived();
  };

  /** Lets immediates run and no time pass. */
  const turn = (): void => void vi.advanceTimersByTime(0);

  it('schedules nothing while nothing arrives', () => {
    expect(vi.getTimerCount()).toBe(0);
  });

  it('flushes the first record after a silence in the same turn, not in the log call itself', () => {
    arrive(1);
    expect(flush).not.toHaveBeenCalled();
    turn();
    expect(flush).toHaveBeenCalledTimes(1);
  });

  it('flushes records that arrive together once', () => {
    arrive(3);
    turn();
    expect(flush).toHaveBeenCalledTimes(1);
  });

  it('gathers what comes after a flush until the window ends', () => {
    arrive(1);
    turn();
    arrive(1);
    vi.advanceTimersByTime(19);
    expect(flush).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    expect(flush).toHaveBeenCalledTimes(2);
  });

  it('opens a new window after each flush under load', () => {
    for (let window = 0; window < 10; window++) {
      arrive(2);
      vi.advanceTimersByTime(20);
    }
    expect(flush).toHaveBeenCalledTimes(10);
  });

  it('goes idle after a window in which nothing came, and flushes the next record at once', () => {
    arrive(1);
    turn();
    vi.advanceTimersByTime(20);
    expect(vi.getTimerCount()).toBe(0);
    arrive(1);
    turn();
    expect(flush).toHaveBeenCalledTimes(2);
  });

  it('cuts a window short once enough records wait', () => {
    arrive(1);
    turn();
    arrive(4);
    turn();
    expect(flush).toHaveBeenCalledTimes(1);
    arrive(1);
    turn();
    expect(flush).toHaveBeenCalledTimes(2);
  });

  it('opens a whole window after one that was cut short', () => {
    arrive(1);
    turn();
    vi.advanceTimersByTime(15);
    arrive(5);
    turn();
    arrive(1);
    vi.advanceTimersByTime(19);
    expect(flush).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(1);
    expect(flush).toHaveBeenCalledTimes(3);
  });

  it('flushes an urgent burst inside of the call, and then only what is left', () => {
    arrive(4);
    schedule.arrived(true);
    expect(flush).toHaveBeenCalledTimes(1);
    turn();
    expect(flush).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(20);
    expect(flush).toHaveBeenCalledTimes(1);
  });

  it('says whether a flush is urgent: only then it must not yield to the event loop', () => {
    arrive(1);
    turn();
    schedule.arrived(true);
    arrive(1);
    vi.advanceTimersByTime(20);
    arrive(5);
    turn();
    expect(flush.mock.calls).toEqual([[false], [true], [false], [false]]);
  });

  it('flushes once per turn without a window', () => {
    schedule = new FlushSchedule({ windowMs: 0, records: 5 }, flush);
    arrive(2);
    turn();
    arrive(2);
    turn();
    expect(flush).toHaveBeenCalledTimes(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('drops what is scheduled when it is stopped', () => {
    arrive(1);
    turn();
    arrive(9);
    schedule.stop();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(1000);
    expect(flush).toHaveBeenCalledTimes(1);
  });

  it('starts anew after it was stopped, without what waited before', () => {
    arrive(1);
    turn();
    arrive(4);
    schedule.stop();
    arrive(1);
    turn();
    expect(flush).toHaveBeenCalledTimes(2);
    arrive(4);
    turn();
    expect(flush).toHaveBeenCalledTimes(2);
  });

  it('keeps its rhythm when a record arrives inside of the flush', () => {
    flush.mockImplementationOnce(() => schedule.arrived());
    arrive(1);
    turn();
    expect(flush).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(20);
    expect(flush).toHaveBeenCalledTimes(2);
  });
});

describe('the timers of a flush schedule', () => {
  // An idle event loop does not turn for an unreferenced immediate: a record would wait for other traffic.
  it('keep the process alive for a turn of the event loop, not for a window', () => {
    const immediate = vi.spyOn(globalThis, 'setImmediate');
    const timeout = vi.spyOn(globalThis, 'setTimeout');
    const schedule = new FlushSchedule({ windowMs: 20, records: 5 }, () => {});
    try {
      schedule.arrived();
      expect(immediate.mock.results.map(({ value }) => (value as NodeJS.Immediate).hasRef())).toEqual([true]);
      schedule.arrived(true);
      expect(timeout.mock.results.map(({ value }) => (value as NodeJS.Timeout).hasRef())).toEqual([false]);
    } finally {
      schedule.stop();
      vi.restoreAllMocks();
    }
  });
});
