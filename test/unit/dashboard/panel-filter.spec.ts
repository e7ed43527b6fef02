import { describe, expect, it } from 'vitest';
import {
  compilePanelFilter,
  isFiltering,
  NO_FILTER,
  type PanelFilter,
  toggleLevel,
  withField,
  withoutField,
} from '../../../src/dashboard/page/model/panel-filter.js';
import { gap, record } from './rows.js';

const ADA = record(1, {
  logger: 'InstancesService',
  level: 'ERROR',
  message: 'Turn FAILED',
  action: 'instance_spawn',
  metadata: { instance_id: 'abc', roles: ['admin', 7] },
  'user.name': 'dotted',
  nothing: null,
});

const passes = (filter: Partial<PanelFilter>): boolean =>
  compilePanelFilter({ ...NO_FILTER, ...filter })(ADA);
const is = (path: string[], value: string | number | null, exclude = false): Partial<PanelFilter> => ({
  fields: [{ path, value, exclude }],
});

describe('the filter of a panel', () => {
  it.each<[boolean, string, Partial<PanelFilter>]>([
    [true, 'nothing', {}],
    [false, 'its level hidden', { hidden: ['ERROR'] }],
    [true, 'another level hidden', { hidden: ['INFO'] }],
    [true, 'a text in any case', { search: ' turn failed ' }],
    [true, 'a text in a nested value', { search: 'ADMIN' }],
    [true, 'a name of a field', { search: 'instance_id' }],
    [true, 'a number', { search: '7' }],
    [false, 'a text that is not there', { search: 'worked' }],
    [false, 'a text over two fields', { search: 'failedinstance' }],
    [true, 'part of the logger', { logger: 'instances' }],
    [true, 'a pattern', { logger: 'inst*ice' }],
    [true, 'one of several', { logger: 'nobody, Inst*' }],
    [false, 'a pattern for the whole name', { logger: 'instances*x' }],
    [false, 'one that it must not be', { logger: '-instances' }],
    [true, 'another that it must not be', { logger: '-router' }],
    [false, 'wanted and unwanted', { logger: 'inst, -service' }],
    [true, 'commas and spaces', { logger: ' , - ,' }],
    [true, 'its action', { action: 'spawn' }],
    [false, 'another action', { action: 'terminate' }],
    [true, 'a value', is(['metadata', 'instance_id'], 'abc')],
    [true, 'a value in an array', is(['metadata', 'roles', '1'], 7)],
    [false, 'a value of another type', is(['metadata', 'roles', '1'], '7')],
    [false, 'a value excluded', is(['metadata', 'instance_id'], 'abc', true)],
    [true, 'another value excluded', is(['metadata', 'instance_id'], 'xyz', true)],
    [true, 'a name with a dot', is(['user.name'], 'dotted')],
    [true, 'null', is(['nothing'], null)],
    [false, 'null where there is nothing', is(['missing'], null)],
    [false, 'what every object has', is(['constructor', 'name'], 'Object')],
  ])('%s: %s', (expected, _, filter) => {
    expect(passes(filter)).toBe(expected);
  });

  it('never hides a gap', () => {
    expect(
      compilePanelFilter({ ...NO_FILTER, search: 'nothing has this', hidden: ['INFO'] })(gap(1, 2)),
    ).toBe(true);
  });

  it('takes time in proportion to text and pattern', () => {
    const pattern = compilePanelFilter({ ...NO_FILTER, logger: `${'*a'.repeat(500)}b` });
    expect(pattern(record(1, { logger: 'a'.repeat(10_000) }))).toBe(false);
  });

  it('knows whether it does anything', () => {
    expect(isFiltering({ ...NO_FILTER, search: '  ' })).toBe(false);
    expect(isFiltering({ ...NO_FILTER, action: 'x' })).toBe(true);
    expect(isFiltering(toggleLevel(NO_FILTER, 'INFO'))).toBe(true);
    expect(toggleLevel(toggleLevel(NO_FILTER, 'INFO'), 'INFO')).toEqual(NO_FILTER);
  });

  it('holds one condition for a value: the last', () => {
    const only = { path: ['a'], value: 1, exclude: false };
    const not = { path: ['a'], value: 1, exclude: true };
    const filter = withField(withField(NO_FILTER, only), not);
    expect(filter.fields).toEqual([not]);
    expect(withoutField(filter, filter.fields[0]!)).toEqual(NO_FILTER);
  });
});
