import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WorkQueue } from '../../../src/subscription/work-queue.js';

describe('the work for all watchers', () => {
  let now: number;
  let work: WorkQueue;
  let done: string[];

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setImmediate', 'clearImmediate'] });
    now = 0;
    work = new WorkQueue(() => now);
    done = [];
  });
  afterEach(() => void vi.useRealTimers());

  const turn = (): void => void vi.runOnlyPendingTimers();
  const slice =
    (name: string, ms = 0) =>
    () => {
      done.push(name);
      now += ms;
    };

  it('is done at once, in order, while there is time for it', () => {
    work.do(slice('a'));
    work.do(slice('b'));
    expect(done).toEqual(['a', 'b']);
    turn();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('takes so much time in a turn of the event loop, together, however many ask for it', () => {
    for (let n = 0; n < 10; n++) work.do(slice(`${n}`, 1.5));
    expect(done).toEqual(['0', '1', '2']);
    turn();
    expect(done).toEqual(['0', '1', '2', '3', '4', '5']);
    while (vi.getTimerCount() > 0) turn();
    expect(done).toHaveLength(10);
  });

  it('is a bounded number of writes and of bytes', () => {
    work.do(() => {
      for (let n = 0; n < 200; n++) work.wrote(1);
    });
    work.do(slice('after many'));
    expect(done).toEqual([]);
    turn();
    work.do(() => work.wrote(512 * 1024));
    work.do(slice('after much'));
    expect(done).toEqual(['after many']);
    turn();
    expect(done).toEqual(['after many', 'after much']);
  });

  it('counts what was written otherwise, and goes on in the next turn all the same', () => {
    work.wrote(2 ** 20);
    work.do(slice('a'));
    expect(done).toEqual([]);
    turn();
    expect(done).toEqual(['a']);
  });

  it('lets who asks again wait behind the others', () => {
    let left = 4;
    const long = (): void => {
      slice('long', 3)();
      if (--left > 0) work.do(long);
    };
    work.do(long);
    work.do(slice('short', 3));
    work.do(slice('other', 3));
    while (vi.getTimerCount() > 0) turn();
    expect(done).toEqual(['long', 'long', 'long', 'short', 'other', 'long']);
  });

  it('is not done when it was dropped', () => {
    const dropped = slice('dropped');
    work.do(slice('a', 9));
    work.do(dropped);
    work.drop(dropped);
    turn();
    expect(done).toEqual(['a']);
  });

  it('goes on behind one that throws', () => {
    work.do(slice('a', 9));
    work.do(() => {
      throw new Error('encoder');
    });
    work.do(slice('b'));
    expect(turn).toThrow('encoder');
    turn();
    expect(done).toEqual(['a', 'b']);
  });
});
