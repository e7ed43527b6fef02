import { ConsoleLogger, type ConsoleLoggerOptions } from '@nestjs/common';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NEST_LOG_LEVELS } from '../../src/record/log-call.js';
import { call, type Call, capturedOutput } from '../unit/support/captured-output.js';
import { logArguments } from '../unit/support/log-arguments.js';
import { streamingLogger } from '../unit/support/streaming-logger.js';
import { runs } from '../harness/property-runs.js';
import { onNest12 } from '../harness/nest-version.js';

const NOW = Date.UTC(2025, 9, 8, 18, 30, 45, 123);

const calls: fc.Arbitrary<Call[]> = fc.array(
  fc.record({ level: fc.constantFrom(...NEST_LOG_LEVELS), args: logArguments }),
  { minLength: 1, maxLength: 3 },
);

describe('the output of ConsoleLogger is the same to the byte with LogStreamLogger before it', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
  });

  it.each<ConsoleLoggerOptions>([
    { colors: false },
    { colors: true },
    { json: true },
    { json: true, colors: true },
    { json: true, compact: false, flattenParams: true },
    { colors: false, timestamp: true },
    { colors: false, forceConsole: true },
    { colors: false, structuredParams: false },
    { colors: false, compact: true, depth: 1 },
    { colors: false, redact: ['memory_mb', 'Ω'] },
    { colors: false, prefix: 'Own', context: 'Default' },
    { colors: false, logLevels: ['warn'] },
  ])('with %j', (options) => {
    fc.assert(
      fc.property(calls, (logged) => {
        const alone = outputOf(new ConsoleLogger(options), logged);
        const { logger } = streamingLogger({ logger: new ConsoleLogger(options) });
        expect(outputOf(logger, logged)).toEqual(alone);
        expect(logger.failures).toEqual({ inner: 0, stream: 0 });
      }),
      { numRuns: runs(150) },
    );
  });

  it('while the stream is watched and everything is also streamed', () => {
    fc.assert(
      fc.property(calls, (logged) => {
        const alone = outputOf(new ConsoleLogger({ colors: false }), logged);
        const ours = streamingLogger({ logger: new ConsoleLogger({ colors: false }) });
        let watched = 0;
        ours.stream.records$.subscribe(() => (watched += 1));
        expect(outputOf(ours.logger, logged)).toEqual(alone);
        expect(watched).toBeGreaterThanOrEqual(logged.length);
      }),
      { numRuns: runs(150) },
    );
  });

  it('when a lazy message logs something itself', () => {
    const run = (logger: ConsoleLogger | ReturnType<typeof streamingLogger>['logger']): string[] =>
      capturedOutput(() => {
        logger.log(() => {
          logger.warn('while resolving');
          return 'resolved';
        }, 'Ctx');
      });
    const alone = run(new ConsoleLogger({ colors: false }));
    expect(alone).toHaveLength(2);
    expect(run(streamingLogger({ logger: new ConsoleLogger({ colors: false }) }).logger)).toEqual(alone);
  });

  it('when the levels are changed on the way', () => {
    const run = (logger: ConsoleLogger | ReturnType<typeof streamingLogger>['logger']): string[] =>
      capturedOutput(() => {
        logger.debug('shown');
        logger.setLogLevels(['error']);
        logger.debug('hidden');
        logger.error('shown');
      });
    const alone = run(new ConsoleLogger({ colors: false }));
    expect(alone).toHaveLength(2);
    expect(run(streamingLogger({ logger: new ConsoleLogger({ colors: false }) }).logger)).toEqual(alone);
  });

  it.each(['warn', 'nonsense'])('with NEST_LOG_LEVEL=%s', (value) => {
    vi.stubEnv('NEST_LOG_LEVEL', value);
    const logged: Call[] = NEST_LOG_LEVELS.map((level) => ({ level, args: [level] }));
    const warned = (lines: string[]): string[] =>
      lines.filter((line) => !line.includes('Invalid NEST_LOG_LEVEL'));
    const alone = outputOf(new ConsoleLogger({ colors: false }), logged);
    const { logger } = streamingLogger({ logger: new ConsoleLogger({ colors: false }) });
    // Nest complains about an invalid value once per process, so only the first of the two has that line.
    expect(warned(alone).length).toBeGreaterThan(0);
    expect(warned(outputOf(logger, logged))).toEqual(warned(alone));
  });

  it.runIf(onNest12)(
    'shows an invalid NEST_LOG_LEVEL on the console although the reader of arguments meets it too',
    () => {
      vi.stubEnv('NEST_LOG_LEVEL', 'not a level');
      const { logger } = streamingLogger({ logger: new ConsoleLogger({ colors: false }) });
      const output = outputOf(logger, [{ level: 'log', args: ['hello'] }]);
      expect(output).toHaveLength(2);
      expect(output[0]).toContain('Invalid NEST_LOG_LEVEL value "not a level"');
    },
  );
});

/** The time since the line before is state of all console loggers; each run starts from the same. */
function outputOf(logger: Parameters<typeof call>[0], logged: readonly Call[]): string[] {
  Reflect.set(ConsoleLogger, 'lastTimestampAt', NOW - 7);
  const written = capturedOutput(() => {
    for (const one of logged) call(logger, one);
  });
  return written;
}
