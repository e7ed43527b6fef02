import { describe, expect, it } from 'vitest';
import { ReplayProgress } from '../../../src/monitor/session/replay-progress.js';

describe('what a client is told after its replay', () => {
  it('is that it has everything', () => {
    expect(new ReplayProgress(true).caughtUp('c')).toEqual({ recovered: true, missing: 0, cursor: 'c' });
  });

  it('is how many records are missing in all', () => {
    const progress = new ReplayProgress(true);
    progress.miss(3);
    progress.miss(4);
    expect(progress.caughtUp('c')).toEqual({ recovered: false, missing: 7, cursor: 'c' });
  });

  it('is that nobody can tell, even when some are known to be missing', () => {
    const progress = new ReplayProgress(false);
    progress.miss(3);
    expect(progress.caughtUp('c')).toEqual({ recovered: false, missing: null, cursor: 'c' });
  });
});
