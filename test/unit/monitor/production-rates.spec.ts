import { type LogLevel } from 'nestjs-log-stream';
import { describe, expect, it } from 'vitest';
import { ProductionRates } from '../../../src/monitor/session/production-rates.js';
import { aStream } from './a-stream.js';

describe('the rates of production', () => {
  function scene() {
    const stream = aStream();
    const rates = new ProductionRates(stream);
    rates.sample(1_000);
    const publish = (count: number, level: LogLevel): void => {
      for (let n = 0; n < count; n++) stream.publish({ message: '', level });
    };
    return { rates, publish };
  }

  it('are nothing before the first look', () => {
    const none = { DEBUG: 0, INFO: 0, WARNING: 0, ERROR: 0, CRITICAL: 0 };
    expect(new ProductionRates(aStream()).perLevel).toEqual(none);
  });

  it('are records a second between the last two looks, by level, to a tenth', () => {
    const { rates, publish } = scene();
    publish(50, 'INFO');
    publish(1, 'ERROR');
    rates.sample(6_000);
    expect(rates.perLevel).toEqual({ DEBUG: 0, INFO: 10, WARNING: 0, ERROR: 0.2, CRITICAL: 0 });
    publish(7, 'DEBUG');
    rates.sample(8_000);
    expect(rates.perLevel).toEqual({ DEBUG: 3.5, INFO: 0, WARNING: 0, ERROR: 0, CRITICAL: 0 });
  });

  it('are finite when no time has passed', () => {
    const { rates, publish } = scene();
    publish(2, 'INFO');
    rates.sample(1_000);
    expect(rates.perLevel.INFO).toBe(2_000);
  });
});
