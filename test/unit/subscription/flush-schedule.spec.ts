import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FlushSchedule } from '../../../src/subscription/flush-schedule.js';

describe('a flush schedule', () => {
  const flush = vi.fn<(urgent: boolean) => void>();
  let schedule: FlushSchedule;
  /** Milliseconds that flushes took. */
  let taken: number;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate'] });
    flush.mockReset();
    taken = 0;
    schedule = new FlushSchedule({ windowMs: 20, records: 5, bytes: 1000 }, flush, () => taken);
  });

  afterEach(() => {
    schedule.stop();
    vi.useRealTimers();
  });

  const arrive = (count: number): void => {
    for (let i = 0; i < count; i++) schedule.arrived(0);
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

  it('cuts a window short once enough bytes wait', () => {
    arrive(1);
    turn();
    schedule.arrived(999);
    turn();
    expect(flush).toHaveBeenCalledTimes(1);
    schedule.arrived(1);
    turn();
    expect(flush).toHaveBeenCalledTimes(2);
    schedule.arrived(999);
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
    schedule.arrived(0, true);
    expect(flush).toHaveBeenCalledTimes(1);
    turn();
    expect(flush).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(20);
    expect(flush).toHaveBeenCalledTimes(1);
  });

  describe('under load', () => {
    /** Flushes that take this long, the second half of it after the call. */
    const flushesTake = (ms: number): void =>
      void flush.mockImplementation(() => {
        taken += ms / 2;
        setImmediate(() => (taken += ms / 2));
      });

    /** Time from one flush to the next while records keep coming. */
    const window = (): number => {
      const { length } = flush.mock.calls;
      for (let ms = 1; ms <= 1000; ms++) {
        if (ms % 10 === 1) arrive(1);
        vi.advanceTimersByTime(1);
        if (flush.mock.calls.length > length) return ms;
      }
      throw new Error('There was no flush for a second.');
    };

    beforeEach(() => {
      schedule = new FlushSchedule({ windowMs: 20, records: 100, bytes: 1000 }, flush, () => taken);
    });

    it.each([
      [0, 20],
      [1, 20],
      [1.5, 30],
      [4, 80],
      [5, 100],
      [50, 100],
    ])('flushes that take %d ms each are %d ms apart', (ms, apart) => {
      flushesTake(ms);
      arrive(1);
      turn();
      expect(window()).toBe(apart);
      expect(window()).toBe(apart);
    });

    it('has its usual windows again after the load', () => {
      flushesTake(50);
      arrive(1);
      turn();
      flushesTake(0);
      expect(window()).toBe(100);
      expect(window()).toBe(20);
    });

    it('goes idle after a long window as well, and flushes the next record at once', () => {
      flushesTake(5);
      arrive(1);
      vi.advanceTimersByTime(100);
      expect(vi.getTimerCount()).toBe(0);
      arrive(1);
      turn();
      expect(flush).toHaveBeenCalledTimes(2);
    });

    it('cuts a long window short once enough records wait', () => {
      flushesTake(5);
      arrive(1);
      vi.advanceTimersByTime(50);
      arrive(100);
      turn();
      expect(flush).toHaveBeenCalledTimes(2);
    });
  });

  it('says whether a flush is urgent: only then it must not yield to the event loop', () => {
    arrive(1);
    turn();
    schedule.arrived(0, true);
    arrive(1);
    vi.advanceTimersByTime(20);
    arrive(5);
    turn();
    expect(flush.mock.calls).toEqual([[false], [true], [false], [false]]);
  });

  it('flushes once per turn without a window', () => {
    schedule = new FlushSchedule({ windowMs: 0, records: 5, bytes: 1000 }, flush, () => taken);
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
    flush.mockImplementationOnce(() => schedule.arrived(0));
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
    const schedule = new FlushSchedule(
      { windowMs: 20, records: 5, bytes: 1000 },
      () => {},
      () => 0,
    );
    try {
      schedule.arrived(0);
      expect(immediate.mock.results.map(({ value }) => (value as NodeJS.Immediate).hasRef())).toEqual([true]);
      schedule.arrived(0, true);
      expect(timeout.mock.results.map(({ value }) => (value as NodeJS.Timeout).hasRef())).toEqual([false]);
    } finally {
      schedule.stop();
      vi.restoreAllMocks();
    }
  });
});
