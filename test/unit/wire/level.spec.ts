import { describe, expect, it } from 'vitest';
import { type FilterSpec } from '../../../src/wire/filter/filter-spec.js';
import { compileFilter } from '../../../src/wire/filter/compile-filter.js';
import { parseFilter } from '../../../src/wire/filter/parse-filter.js';
import { LOG_LEVELS, parseLevel } from '../../../src/wire/level.js';

describe('the spelling of a level', () => {
  it.each([
    ['DEBUG', ['debug', 'DEBUG', 'Debug', 'verbose', 'VERBOSE']],
    ['INFO', ['info', 'INFO', 'log', 'LOG', 'Log']],
    ['WARNING', ['warning', 'WARNING', 'warn', 'WARN', 'Warn']],
    ['ERROR', ['error', 'ERROR', 'Error']],
    ['CRITICAL', ['critical', 'CRITICAL', 'fatal', 'FATAL']],
  ])('%s is what %j mean', (level, spellings) => {
    expect(spellings.map(parseLevel)).toEqual(spellings.map(() => level));
  });

  it.each(['', 'warnings', ' warn', 'constructor', '__proto__', 3, null, undefined, ['warn']])(
    '%j is none',
    (value) => {
      expect(parseLevel(value)).toBeUndefined();
    },
  );

  it('leaves a filter as the name of the wire, in the order of the wire', () => {
    expect(parseFilter({ level: 'warn', levels: ['fatal', 'log', 'Error'] })).toEqual({
      level: 'WARNING',
      levels: ['INFO', 'ERROR', 'CRITICAL'],
    });
  });

  it('counts the same in a filter that was not read before, as one in code', () => {
    const spec: FilterSpec = { level: 'warn' };
    const passes = compileFilter(spec)!;
    const passing = LOG_LEVELS.filter((level) =>
      passes({ category: 'system', level, logger: 'a', message: 'b', truncated: false, extra: {} }),
    );
    expect(passing).toEqual(['WARNING', 'ERROR', 'CRITICAL']);
  });
});
