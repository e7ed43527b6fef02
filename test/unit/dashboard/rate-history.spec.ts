import { describe, expect, it } from 'vitest';
import { RateHistory } from '../../../src/dashboard/page/model/rate-history.js';

const NOW = Date.UTC(2025, 9, 8, 18, 30, 0);
const EMPTY = { quiet: 0, warning: 0, alarming: 0 };

describe('the rates', () => {
  it('are counted by second and severity', () => {
    const rates = new RateHistory(3);
    rates.add(NOW - 1_000, 'INFO', true, NOW - 1_000);
    for (const level of ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const)
      rates.add(NOW, level, true, NOW);
    expect(rates.bars(NOW)).toEqual([EMPTY, { ...EMPTY, quiet: 1 }, { quiet: 2, warning: 1, alarming: 2 }]);
  });

  it('move on while nothing is logged, and forget', () => {
    const rates = new RateHistory(3);
    rates.add(NOW, 'INFO', true, NOW);
    expect(rates.bars(NOW + 1_000)).toEqual([EMPTY, { ...EMPTY, quiet: 1 }, EMPTY]);
    expect(rates.bars(NOW + 60_000)).toEqual([EMPTY, EMPTY, EMPTY]);
    rates.add(NOW + 3_600_000, 'INFO', true, NOW + 3_600_000);
    expect(rates.bars(NOW + 3_600_000)).toEqual([EMPTY, EMPTY, { ...EMPTY, quiet: 1 }]);
  });

  it('leave out what is too old for them', () => {
    const rates = new RateHistory(3);
    rates.add(NOW, 'INFO', true, NOW);
    rates.add(NOW - 3_000, 'ERROR', false, NOW);
    expect(rates.bars(NOW)).toEqual([EMPTY, EMPTY, { ...EMPTY, quiet: 1 }]);
  });

  it('go by the clock of the application, which may be another one', () => {
    const rates = new RateHistory(3);
    const behind = NOW - 90_000;
    rates.add(behind, 'INFO', true, NOW);
    expect(rates.bars(NOW + 1_000)).toEqual([EMPTY, { ...EMPTY, quiet: 1 }, EMPTY]);
  });

  it('are empty before anything was logged', () => {
    expect(new RateHistory(2).bars(NOW)).toEqual([EMPTY, EMPTY]);
  });
});
