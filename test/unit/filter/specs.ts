import fc from 'fast-check';
import { LOG_LEVELS } from '../../../src/wire/level.js';
import { StreamRecord, type LogRecord, type UnpublishedRecord } from '../../../src/record/log-record.js';
import { type FilterSpec } from '../../../src/wire/filter/filter-spec.js';

/** A record that a test need not describe in full. */
export function aRecord(fields: Partial<UnpublishedRecord> & { readonly seq?: number } = {}): LogRecord {
  const { seq = 1, ...own } = fields;
  return new StreamRecord(
    {
      category: 'system',
      time: Date.UTC(2025, 9, 8),
      level: 'INFO',
      logger: 'root',
      message: '',
      extra: {},
      truncated: false,
      ...own,
    },
    seq,
  );
}

// Few letters, so that what is generated apart often meets.
const word = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '.'), minLength: 1, maxLength: 4 });
const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), minLength: 1, maxLength: 5 });
const patterns = fc.oneof(pattern, fc.array(pattern, { minLength: 1, maxLength: 3 }));
const name = fc.constantFrom('a', 'b', 'a.b', '__proto__', 'metadata', 'toString', 'message', 'error');
const scalar = fc.oneof(word, fc.constantFrom(0, 1, true, false, null, 'true', '1', 'null'));
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('.'));

/** An object whose keys are fields of its own, whatever they are called. */
const fields = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc.array(fc.tuple(name, values), { maxLength: 3 }).map((entries) => Object.fromEntries(entries));

const nested = fields(fc.oneof(scalar, fields(scalar), fc.array(scalar, { maxLength: 2 })));

/** Filters of all kinds, three deep. */
export const anyFilter: fc.Arbitrary<FilterSpec> = fc.letrec<{ filter: FilterSpec }>((tie) => ({
  filter: fc.record(
    {
      category: fc.constantFrom('system' as const, 'audit' as const),
      level: fc.constantFrom(...LOG_LEVELS),
      levels: fc.uniqueArray(fc.constantFrom(...LOG_LEVELS), { minLength: 1 }),
      logger: patterns,
      action: patterns,
      search: word,
      where: fc.array(fc.tuple(path, scalar), { maxLength: 2 }).map((entries) => Object.fromEntries(entries)),
      not: fc.oneof({ depthSize: 'small', maxDepth: 3 }, fc.constant<FilterSpec>({}), tie('filter')),
    },
    { requiredKeys: [] },
  ),
})).filter;

/** Filters of one condition, so that a good part of them lets something pass. */
export const narrowFilter: fc.Arbitrary<FilterSpec> = anyFilter.chain((filter) =>
  fc
    .subarray(Object.keys(filter) as (keyof FilterSpec)[], {
      maxLength: Math.min(2, Object.keys(filter).length),
    })
    .map((kept) => Object.fromEntries(kept.map((key) => [key, filter[key]])) as FilterSpec),
);

/** Records as the record builder makes them: plain values only. */
export const anyRecord: fc.Arbitrary<LogRecord> = fc
  .record({
    audit: fc.boolean(),
    level: fc.constantFrom(...LOG_LEVELS),
    logger: word,
    message: word,
    action: fc.option(fc.oneof(word, scalar), { nil: undefined }),
    metadata: fc.option(fc.oneof(scalar, nested), { nil: undefined }),
    module: fc.option(word, { nil: undefined }),
    // Names that every record has are taken: the record builder makes them `extra_message` and so on.
    extra: nested.map(({ message: _, error: _error, ...extra }) => extra),
  })
  .map(({ audit, action, metadata, module, ...rest }) =>
    aRecord({
      ...rest,
      ...(audit ? { category: 'audit', action, metadata } : { category: 'system', module }),
    } as Partial<UnpublishedRecord>),
  );
