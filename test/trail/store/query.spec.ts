import fc from 'fast-check';
import { recordText } from '../../../src/wire/record-text.js';
import { textedData } from '../../../src/wire/texted-data.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LOG_LEVELS, type LogLevel } from '../../../src/wire/level.js';
import { compileFilters } from '../../../src/wire/filter/compile-filter.js';
import { type FilterSpec } from '../../../src/wire/filter/filter-spec.js';
import { compileGlob } from '../../../src/wire/filter/glob.js';
import { recordOf } from '../../../src/trail/store/stored-record.js';
import { queryMustBe, queryUnknown } from '../../../src/trail/store/store.messages.js';
import { type NewEntry, type TrailEntry } from '../../../src/trail/store/trail-entry.js';
import { PAGE_EFFORT } from '../../../src/trail/sqlite/reader/read-page.js';
import { resolveQuery, type TrailQuery } from '../../../src/trail/store/trail-query.js';
import { TrailReader } from '../../../src/trail/sqlite/reader/trail-reader.js';
import { batch, hasSqlite, openWriter, rawDatabase, record, TrailDirectory, whyNoSqlite } from './a-trail.js';
import { runs } from '../../harness/property-runs.js';

const ENTRIES = 400;
const ACTIONS = ['user_role_changed', 'user_deleted', 'user', 'invoice_sent', 'Ünïcode'];
const LOGGERS = ['audit.users', 'audit.billing', 'audit.[x]?', 'root'];
const OUTCOMES = ['success', 'failure', 'unknown'];
const ACTORS = ['alice', 'bob', 'unknown'];
/** What of an entry is searched, with letters as they are compared. */
function textOf(payload: string): string {
  const { data, kind, instance } = JSON.parse(payload) as Record<string, unknown>;
  const text = recordText(textedData(data as Record<string, unknown>, 'audit'));
  return `${text} ${String(kind)} ${String(instance)}`.toLowerCase().replaceAll('ß', 'ss');
}

const TEXTS = ['Plain text', 'with "quotes" and \\', 'line\nbreak', 'ÜBER straße'];
const START = Date.UTC(2026, 0, 1);

/** Entries of every kind of field, most of them with gaps in it; times mostly in order. */
function entryAt(number: number): NewEntry {
  const pick = <T>(values: readonly T[], step: number): T => values[(number * step) % values.length]!;
  const kind = number % 7 === 0 ? 'intent' : 'record';
  return {
    kind,
    stream: kind === 'intent' ? null : { epoch: 'e', seq: number },
    instance: 'test:1',
    data: {
      id: `id-${number}`,
      timestamp: new Date(START + (number - (number % 11 === 0 ? 30 : 0)) * 60_000).toISOString(),
      message: pick(TEXTS, 3),
      ...(number % 5 > 0 && { action: pick(ACTIONS, 1) }),
      ...(number % 3 > 0 && { level: pick(LOG_LEVELS, 2), logger: pick(LOGGERS, 5) }),
      ...(number % 4 > 0 && { outcome: pick(OUTCOMES, 1), actor: { id: pick(ACTORS, 2) } }),
      ...(number % 6 > 0 && { targets: [{ type: 'user', id: `u${number % 9}` }, { type: 'job' }, 'text'] }),
    },
  };
}

/** The same, over all entries at once. */
function naive(all: readonly TrailEntry[], query: TrailQuery): TrailEntry[] {
  const {
    after = 0,
    before = Infinity,
    order,
    kinds,
    id,
    action,
    actor,
    target,
    outcome,
    level,
    logger,
    text,
  } = query;
  const time = (value: TrailQuery['from']): string => new Date(value!).toISOString();
  const found = all.filter(({ seq, kind, data, payload }) => {
    const is = (value: unknown): boolean => value === true;
    const targets = (data['targets'] ?? []) as { id?: string }[];
    return [
      seq > after && seq < before,
      !kinds || kinds.includes(kind),
      id === undefined || data['id'] === id,
      action === undefined || (typeof data['action'] === 'string' && compileGlob(action)(data['action'])),
      actor === undefined || (data['actor'] as { id: string } | undefined)?.id === actor,
      target === undefined || targets.some((one) => one.id === target),
      outcome === undefined || data['outcome'] === outcome,
      level === undefined || LOG_LEVELS.indexOf(data['level'] as LogLevel) >= LOG_LEVELS.indexOf(level),
      logger === undefined || (typeof data['logger'] === 'string' && compileGlob(logger)(data['logger'])),
      query.from === undefined || String(data['timestamp']) >= time(query.from),
      query.to === undefined || String(data['timestamp']) < time(query.to),
      text === undefined || textOf(payload).includes(text.toLowerCase().replace('ß', 'ss')),
    ].every(is);
  });
  return order === 'desc' ? found.toReversed() : found;
}

const some = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 2 });
const minute = fc.integer({ min: -10, max: ENTRIES + 10 }).map((at) => START + at * 60_000);

const queries: fc.Arbitrary<TrailQuery> = fc.record({
  after: some(fc.integer({ min: 0, max: ENTRIES + 5 })),
  before: some(fc.integer({ min: 0, max: ENTRIES + 5 })),
  order: some(fc.constantFrom('asc', 'desc')),
  limit: some(fc.integer({ min: 1, max: 120 })),
  kinds: some(fc.subarray(['record', 'intent', 'gap'] as const)),
  id: fc.option(
    fc.nat(ENTRIES).map((number) => `id-${number}`),
    { nil: undefined, freq: 8 },
  ),
  action: some(fc.constantFrom(...ACTIONS, 'user*', 'u*', '*', 'none*', 'Ün*')),
  actor: some(fc.constantFrom(...ACTORS, 'nobody')),
  target: some(fc.constantFrom('u0', 'u5', 'u99', 'job')),
  outcome: some(fc.constantFrom(...OUTCOMES)),
  level: some(fc.constantFrom(...LOG_LEVELS)),
  logger: some(fc.constantFrom(...LOGGERS, 'audit.*', '*.*s', 'audit.[*', '?*')),
  from: some(minute),
  to: some(minute),
  text: some(fc.constantFrom('PLAIN', 'with "q', '\\', '\n', 'über', 'Straße', 'no such text', '"id"')),
});

describe.skipIf(!hasSqlite)(`TrailReader.query${whyNoSqlite}`, () => {
  let directory: TrailDirectory;
  let reader: TrailReader;
  let all: TrailEntry[];

  beforeAll(() => {
    directory = new TrailDirectory();
    const writer = openWriter(directory);
    // Checkpoints here and there, none over the last entries, as a query may find it at any time.
    for (let from = 1; from <= ENTRIES; from += 37) {
      const count = Math.min(37, ENTRIES - from + 1);
      writer.append(batch(...Array.from({ length: count }, (_, i) => entryAt(from + i))));
      if (from < 300) writer.checkpoint();
    }
    writer.started.db.close();
    writer.started.lock[Symbol.dispose]();
    reader = TrailReader.open(directory.file);
    all = [...reader.query({ limit: 500 }).entries];
  });

  afterAll(async () => {
    reader[Symbol.dispose]();
    await directory[Symbol.asyncDispose]();
  });

  it('has everything in it', () => {
    expect(all.map(({ seq }) => seq)).toEqual(Array.from({ length: ENTRIES }, (_, i) => i + 1));
    expect(all[7]).toEqual({
      seq: 8,
      ...entryAt(8),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      payload: expect.stringContaining('"id":"id-8"'),
    });
  });

  it.each([
    PAGE_EFFORT,
    { ...PAGE_EFFORT, window: 7, budgetMs: 60_000 },
    { ...PAGE_EFFORT, window: 16, budgetMs: 0 },
  ])('finds what a filter over all entries finds, page by page: %o', (effort) => {
    using patient = TrailReader.open(directory.file, effort);
    fc.assert(
      fc.property(queries, (query) => {
        const found: TrailEntry[] = [];
        let next: number | undefined;
        let pages = 0;
        do {
          const cursor = next === undefined ? {} : { [query.order === 'desc' ? 'before' : 'after']: next };
          const page = patient.query({ ...query, ...cursor });
          expect(page.entries.length).toBeLessThanOrEqual(query.limit ?? 100);
          found.push(...page.entries);
          next = page.next;
          pages += 1;
        } while (next !== undefined && pages <= ENTRIES);
        expect(found.map(({ seq }) => seq)).toEqual(naive(all, query).map(({ seq }) => seq));
      }),
      { numRuns: runs(300) },
    );
  });

  describe('for somebody who is held to a filter', () => {
    let other: TrailDirectory;
    let otherReader: TrailReader;
    const held: FilterSpec[] = [
      { category: 'audit' },
      { logger: 'audit.*', not: { action: 'user_deleted' } },
    ];
    const passes = compileFilters(held)!;
    const mayBeSeen = ({ kind, data, stream }: NewEntry): boolean =>
      kind === 'record' && passes(recordOf(data, stream?.seq ?? 0));

    /** What a trail with other secrets would hold: all that is hidden is of another kind, and says something else. */
    const otherEntryAt = (number: number): NewEntry => {
      const entry = entryAt(number);
      if (mayBeSeen(entry)) return entry;
      const { id, timestamp } = entry.data;
      return {
        ...entry,
        kind: number % 2 ? 'record' : 'intent',
        data: {
          id: `${String(id)}-other`,
          timestamp: timestamp!,
          message: 'x'.repeat(number),
          actor: { id: 'carol' },
        },
      };
    };

    beforeAll(() => {
      other = new TrailDirectory();
      const writer = openWriter(other);
      for (let from = 1; from <= ENTRIES; from += 37) {
        const count = Math.min(37, ENTRIES - from + 1);
        writer.append(batch(...Array.from({ length: count }, (_, i) => otherEntryAt(from + i))));
        if (from < 300) writer.checkpoint();
      }
      writer.started.db.close();
      writer.started.lock[Symbol.dispose]();
    });

    beforeEach(() => {
      otherReader = TrailReader.open(other.file, { ...PAGE_EFFORT, heldPositions: 23 });
    });
    afterEach(() => otherReader[Symbol.dispose]());
    afterAll(() => other[Symbol.asyncDispose]());

    it('finds what a filter over the entries that may be seen finds; pages tell nothing of the others', () => {
      using patient = TrailReader.open(directory.file, { ...PAGE_EFFORT, heldPositions: 23 });
      const visible = all.filter(mayBeSeen);
      expect(visible.length).toBeGreaterThan(50);
      fc.assert(
        fc.property(queries, (query) => {
          const found: TrailEntry[] = [];
          let next: number | undefined;
          let pages = 0;
          do {
            const cursor = next === undefined ? {} : { [query.order === 'desc' ? 'before' : 'after']: next };
            const page = patient.query({ ...query, ...cursor }, held);
            const otherPage = otherReader.query({ ...query, ...cursor }, held);
            expect(otherPage.entries.map(({ hash: _, ...entry }) => entry)).toEqual(
              page.entries.map(({ hash: _, ...entry }) => entry),
            );
            expect([otherPage.next, otherPage.head]).toEqual([page.next, page.head]);
            found.push(...page.entries);
            next = page.next;
            pages += 1;
          } while (next !== undefined && pages <= ENTRIES);
          expect(found.map(({ seq }) => seq)).toEqual(naive(visible, query).map(({ seq }) => seq));
        }),
        { numRuns: runs(300) },
      );
    });

    it('looks at as many positions whatever is asked for and whatever they hold', () => {
      using reader = TrailReader.open(directory.file, { window: 1_000, budgetMs: 0, heldPositions: 50 });
      for (const query of [
        { actor: 'nobody' },
        { text: 'no such text' },
        { id: 'id-7' },
        { target: 'u99' },
      ]) {
        expect(reader.query(query, held)).toEqual({ entries: [], head: ENTRIES, next: 50 });
        expect(reader.query({ ...query, order: 'desc' }, held).next).toBe(ENTRIES - 49);
      }
    });
  });

  it('uses an index for what a person looks for', () => {
    const db = rawDatabase(directory.file);
    try {
      const plan = (condition: string): string =>
        db
          .prepare(
            `EXPLAIN QUERY PLAN SELECT payload FROM entries WHERE seq >= 1 AND seq <= 9 AND ${condition} ORDER BY seq`,
          )
          .all()
          .map(({ detail }) => String(detail))
          .join('; ');
      expect(plan(`action IS NOT NULL AND action = 'a'`)).toContain('entries_action');
      expect(plan(`action IS NOT NULL AND action IN ('a', 'b')`)).toContain('entries_action');
      expect(plan(`actor IS NOT NULL AND actor = 'a'`)).toContain('entries_actor');
      expect(plan(`outcome <> 'success' AND outcome = 'failure'`)).toContain('entries_outcome');
      expect(plan(`level NOT IN ('DEBUG', 'INFO') AND level IN ('ERROR', 'CRITICAL')`)).toContain(
        'entries_level',
      );
      expect(plan(`kind <> 'record' AND kind IN ('gap')`)).toContain('entries_kind');
      expect(plan(`seq IN (SELECT seq FROM targets WHERE target = 'u')`)).toContain('targets');
    } finally {
      db.close();
    }
  });

  it('cannot change what it reads', () => {
    expect(() => reader['db'].exec('DELETE FROM targets')).toThrow(/readonly/);
  });

  it('names the field that is wrong', () => {
    const wrong: [query: object, message: string][] = [
      [{ after: -1 }, queryMustBe('after', 'a whole number from 0')],
      [{ before: '5' }, queryMustBe('before', 'a whole number from 0')],
      [{ limit: 501 }, queryMustBe('limit', 'a whole number from 1 to 500')],
      [{ order: 'up' }, queryMustBe('order', 'one of asc, desc')],
      [{ from: 'yesterday' }, queryMustBe('from', 'a time in ISO 8601 or milliseconds')],
      [{ to: Number.MAX_VALUE }, queryMustBe('to', 'a time in ISO 8601 or milliseconds')],
      [{ text: '' }, queryMustBe('text', 'a text of 1 to 1024 characters')],
      [{ level: 'TRACE' }, queryMustBe('level', `one of ${LOG_LEVELS.join(', ')}`)],
    ];
    for (const [query, message] of wrong) {
      expect(() => resolveQuery(query)).toThrow(expect.objectContaining({ code: 'invalid_query', message }));
    }
    expect(() => resolveQuery({ kinds: ['other'] } as object)).toThrow(
      /`kinds` of a trail query must be an array of/,
    );
    expect(() => resolveQuery({ constructor: 1 } as object)).toThrow(
      queryUnknown('constructor', [
        'after',
        'before',
        'order',
        'limit',
        'kinds',
        'id',
        'action',
        'actor',
        'target',
        'outcome',
        'level',
        'logger',
        'from',
        'to',
        'text',
      ]),
    );
  });
});

describe.skipIf(!hasSqlite)(`TrailStore.entries${whyNoSqlite}`, () => {
  it('reads page after page, in both orders, while entries are appended', async () => {
    await using directory = new TrailDirectory();
    const store = await directory.open();
    await Promise.all(Array.from({ length: 25 }, (_, i) => store.append(record(i))));
    const seqs: number[] = [];
    for await (const { seq } of store.entries({ limit: 10 })) {
      seqs.push(seq);
      if (seq === 5) await store.append(record(99));
    }
    expect(seqs).toEqual(Array.from({ length: 26 }, (_, i) => i + 1));
    const back: number[] = [];
    for await (const { seq } of store.entries({ limit: 10, order: 'desc' })) back.push(seq);
    expect(back).toEqual(seqs.toReversed());
    await expect(store.query({ limit: 0 })).rejects.toMatchObject({ code: 'invalid_query' });
    expect(await store.query({ after: 26 })).toEqual({ entries: [], head: 26 });
  });
});
