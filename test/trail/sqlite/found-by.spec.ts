import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalPayload } from '../../../src/trail/evidence/canonical-payload.js';
import { chainHash, leafHash } from '../../../src/trail/evidence/hashes.js';
import { type TrailReport } from '../../../src/trail/evidence/verify/trail-report.js';
import { openTrail } from '../../../src/trail/open-trail.js';
import { trailAt } from '../../../src/trail/trail-at.js';
import { TrailReader } from '../../../src/trail/sqlite/reader/trail-reader.js';
import { type TrailPage, type TrailQuery } from '../../../src/trail/store/trail-query.js';
import { hasSqlite, intent, rawDatabase, record, TrailDirectory, whyNoSqlite } from '../store/a-trail.js';

/** As somebody does who can write to the file and puts everything back that would tell at once. */
function edit(file: string, ...statements: readonly string[]): void {
  const db = rawDatabase(file);
  // Node's own build refuses to write to the schema by default; the sqlite3 shell does not.
  (db as { enableDefensive?: (on: boolean) => void }).enableDefensive?.(false);
  const triggers = db.prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`).all();
  db.exec('PRAGMA writable_schema = ON');
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${String(name)}`);
  for (const statement of statements) db.exec(statement);
  const isTable = db.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'entries'`).get();
  if (isTable) for (const { sql } of triggers) db.exec(String(sql));
  db.close();
}

const schema = (name: string, from: string, to: string): string =>
  `UPDATE sqlite_schema SET sql = replace(sql, '${from.replaceAll("'", "''")}', '${to.replaceAll("'", "''")}') WHERE name = '${name}'`;

/** Everything that an entry is found by, and something else in its place. */
const EDITS: readonly (readonly [what: string, statements: readonly string[]])[] = [
  ['a target away', [`DELETE FROM targets WHERE target = 'u-2'`]],
  ['a target of another entry', [`INSERT INTO targets VALUES ('u-9', 3)`]],
  ['a target of no entry', [`INSERT INTO targets VALUES ('u-9', 300)`]],
  ['another target', [`UPDATE targets SET target = 'u-8' WHERE target = 'u-2'`]],
  ['a target at another entry', [`UPDATE targets SET seq = 4 WHERE target = 'u-2'`]],
  ['an action without its entries', indexWithout('entries_action', `(action)`, 'action IS NOT NULL')],
  ['an actor without its entries', indexWithout('entries_actor', `(actor)`, 'actor IS NOT NULL')],
  ['an outcome without its entries', indexWithout('entries_outcome', `(outcome)`, `outcome <> 'success'`)],
  ['a level without its entries', indexWithout('entries_level', `(level)`, `level NOT IN ('DEBUG', 'INFO')`)],
  ['a kind without its entries', indexWithout('entries_kind', `(kind)`, `kind <> 'record'`)],
  ['an intent without its end', indexWithout('entries_intent', `(intent)`, 'intent IS NOT NULL')],
  [
    'a stream without its entries',
    indexWithout('entries_stream', `(epoch, stream_seq)`, 'epoch IS NOT NULL'),
  ],
  ['from_time', [`UPDATE checkpoints SET from_time = '2027-01-01T00:00:00.000Z' WHERE number = 2`]],
  ['to_time', [`UPDATE checkpoints SET to_time = '2020-01-01T00:00:00.000Z' WHERE number = 2`]],
  ['to_time of the last', [`UPDATE checkpoints SET to_time = '2020-01-01T00:00:00.000Z' WHERE number = 3`]],
  ['open_from', [`UPDATE checkpoints SET open_from = 31 WHERE number = 3`]],
  ['an earlier open_from', [`UPDATE checkpoints SET open_from = 1 WHERE number = 1`]],
  ['the frontier', [`UPDATE checkpoints SET frontier = zeroblob(length(frontier)) WHERE number = 2`]],
  ['the root', [`UPDATE checkpoints SET root = zeroblob(32) WHERE number = 2`]],
  ['the chain', [`UPDATE checkpoints SET chain = zeroblob(32) WHERE number = 2`]],
  ['where a stream begins', [`UPDATE epochs SET after_seq = 25 WHERE number = 1`]],
  ['a stream away', [`DELETE FROM epochs WHERE number = 2`]],
  ['the order of streams', [`UPDATE epochs SET number = 9 WHERE number = 1`]],
  ['what was pruned of a stream', [`UPDATE epochs SET pruned = 3 WHERE number = 1`]],
  ['what keeps entries from being deleted', [`INSERT INTO pruning VALUES (3)`]],
  ['the key that signs', [`UPDATE meta SET value = replace(value, '+', '+0') WHERE name = 'verifier'`]],
];

/** An index whose SQL says what it always said, and which was made for other rows. */
function indexWithout(name: string, columns: string, condition: string): string[] {
  return [
    `DROP INDEX ${name}`,
    `CREATE INDEX ${name} ON entries ${columns} WHERE ${condition} AND seq > 20`,
    schema(name, ' AND seq > 20', ''),
  ];
}

/** Into the bytes of a closed file, wherever they stand. */
function overwrite(file: string, from: string, to: string): void {
  const bytes = readFileSync(file);
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) bytes.write(to, at);
  writeFileSync(file, bytes);
}

/** What the file declares. */
const DECLARATIONS: readonly (readonly [what: string, statements: readonly string[]])[] = [
  [
    'another expression behind a column',
    [schema('entries', `payload ->> '$.data.action'`, `payload ->> '$.data.logger'`)],
  ],
  ['a constant behind a column', [schema('entries', `payload ->> '$.data.actor.id'`, `'nobody'`)]],
  [
    'a view in the place of entries',
    ['ALTER TABLE entries RENAME TO hidden', 'CREATE VIEW entries AS SELECT * FROM hidden WHERE seq <> 7'],
  ],
  [
    'a view in the place of targets',
    ['ALTER TABLE targets RENAME TO hidden', 'CREATE VIEW targets AS SELECT * FROM hidden'],
  ],
  ['an index away', ['DROP INDEX entries_actor']],
  ['an index more', ['CREATE INDEX entries_more ON entries (logger)']],
  ['a table more', ['CREATE TABLE more (x)']],
  [
    'another collation',
    [
      `DROP INDEX entries_action`,
      `CREATE INDEX entries_action ON entries (action COLLATE NOCASE) WHERE action IS NOT NULL`,
    ],
  ],
];

describe.skipIf(!hasSqlite)(`What an entry is found by${whyNoSqlite}`, () => {
  let directory: TrailDirectory;
  let names = 0;

  beforeAll(async () => {
    directory = new TrailDirectory();
    const store = await openTrail(directory.options(), 'test:1');
    for (let number = 1; number <= 30; number += 1) {
      const data = {
        actor: { id: number % 2 ? 'ann' : 'bob' },
        targets: number % 3 ? [{ id: `u-${number}` }, { id: 'all' }] : [],
        ...(number % 5 === 0 && { outcome: 'failure', level: 'ERROR' }),
        ...(number === 12 && { intent: 'intent-1' }),
      };
      const entry = number === 8 || number === 9 ? intent(number - 7) : record(number, data);
      const stream = entry.stream && { epoch: number > 15 ? 'epoch-2' : 'epoch-1', seq: number };
      await store.append({ ...entry, stream });
      if (number % 10 === 0) await store.checkpoint();
    }
    await store.append(record(31, { number: 311, targets: [{ id: 'u-31' }] }));
    await store.close();
  });
  afterAll(() => directory[Symbol.asyncDispose]());

  const copied = (...statements: readonly string[]): string => {
    const copy = join(directory.path, `copy-${(names += 1)}.db`);
    for (const end of ['', '.key', '.anchors']) cpSync(directory.file + end, copy + end);
    if (statements.length > 0) edit(copy, ...statements);
    return copy;
  };
  const verify = (file: string): Promise<TrailReport> =>
    trailAt(file).verify({ trusted: [], anchors: `${file}.anchors` });
  const ask = async (file: string, query: TrailQuery): Promise<TrailPage> => {
    await using view = trailAt(file).view();
    return await view.query(query);
  };

  it('is in order where nobody has changed it, and when it was opened and closed again', async () => {
    const file = copied();
    expect(await verify(file)).toMatchObject({ verdict: 'ok', findings: [] });
    await (await openTrail({ ...directory.options({ file }) }, 'test:2')).close();
    expect(await verify(file)).toMatchObject({ verdict: 'ok', findings: [] });
    const db = rawDatabase(file);
    db.exec('ANALYZE; VACUUM');
    db.close();
    expect(await verify(file)).toMatchObject({ verdict: 'ok', findings: [] });
  });

  it.each(EDITS)('is proved by a verification: %s', async (_, statements) => {
    const report = await verify(copied(...statements));
    expect([report.verdict, report.exitCode]).toEqual(['altered', 2]);
    expect(new Set(report.findings.map(({ code }) => code))).toEqual(new Set(['lookup_altered']));
  });

  it.each(DECLARATIONS)('is not asked where the file declares something else: %s', async (_, statements) => {
    const file = copied(...statements);
    const report = await verify(file);
    expect([report.verdict, report.exitCode, report.findings[0]?.code]).toEqual([
      'altered',
      2,
      'schema_altered',
    ]);
    await expect(ask(file, { action: 'user_role_changed' })).rejects.toMatchObject({ code: 'broken' });
    await expect(openTrail(directory.options({ file }))).rejects.toMatchObject({ code: 'broken' });
  });

  it('is not asked either where somebody changes that while it is open', async () => {
    const file = copied();
    using reader = TrailReader.open(file);
    expect(reader.query({ actor: 'ann', limit: 1 }).entries).toHaveLength(1);
    edit(file, ...DECLARATIONS[0]![1]);
    expect(() => reader.query({ actor: 'ann' })).toThrow(expect.objectContaining({ code: 'broken' }));
  });

  it('is told when a trigger is missing: the app does not start, and what is there can be read', async () => {
    const file = copied();
    const db = rawDatabase(file);
    db.exec('DROP TRIGGER entries_fixed');
    db.close();
    expect((await verify(file)).findings.map(({ code }) => code)).toEqual(['schema_altered']);
    expect((await ask(file, { limit: 1 })).entries).toHaveLength(1);
    await expect(openTrail(directory.options({ file }))).rejects.toMatchObject({
      code: 'broken',
      message: expect.stringContaining('trigger entries_fixed is missing'),
    });
  });

  it('is compared with the payload before an entry is shown', async () => {
    const wrong = copied(`UPDATE targets SET seq = 4 WHERE target = 'u-2'`);
    const page = await ask(wrong, { target: 'u-2' });
    expect(page.entries).toEqual([]);
    expect(page.damaged?.map(({ seq }) => seq)).toEqual([4]);
    const altered = copied(`UPDATE entries SET payload = replace(payload, 'role', 'rule') WHERE seq = 5`);
    expect(await ask(altered, { after: 3, limit: 3 })).toMatchObject({
      entries: [{ seq: 4 }, { seq: 6 }],
      damaged: [{ seq: 5, problem: expect.stringContaining('does not fit the hash chain') }],
    });
  });

  it.each([
    // Of the same length: written into the file's bytes, as SQLite itself would not store it.
    ['NaN', '"number":311', '"number":NaN', 'bytes'],
    ['a value of JSON5', '"number":311', '"number":+11', 'bytes'],
    [
      'a key twice',
      '"action":"user_role_changed"',
      '"action":"harmless","action":"user_role_changed"',
      'sql',
    ],
    ['white space', '"number":311', '"number": 311', 'sql'],
    ['another spelling', '"number":311', '"number":3.11e2', 'sql'],
    ['minus zero', '"number":311', '"number":-0', 'sql'],
    ['thirty digits', '"number":311', '"number":123456789012345678901234567890', 'sql'],
    ['an escape', 'user_role', String.raw`user\u005frole`, 'sql'],
    ['no timestamp', '"timestamp":"2026-01-01T00:00:31.000Z"', '"timestamp":31', 'sql'],
  ])('cannot be slipped in behind the signed entries: %s', async (_, from, to, by) => {
    const file = copied();
    const db = rawDatabase(file);
    const rows = db.prepare('SELECT seq, payload, chain FROM entries ORDER BY seq DESC LIMIT 2').all();
    db.close();
    const [last, before] = rows as unknown as { seq: number; payload: string; chain: Uint8Array }[];
    const payload = last!.payload.replace(from, to);
    expect(payload).not.toBe(last!.payload);
    const chain = chainHash(before!.chain, leafHash(payload)).toString('hex');
    const text = by === 'sql' ? `, payload = '${payload.replaceAll("'", "''")}'` : '';
    edit(
      file,
      `DELETE FROM checkpoints WHERE size >= ${last!.seq}`,
      `UPDATE entries SET chain = x'${chain}'${text} WHERE seq = ${last!.seq}`,
    );
    if (by === 'bytes') overwrite(file, from, to);
    const report = await trailAt(file).verify({ trusted: [] });
    expect([report.verdict, report.findings[0]?.seq]).toEqual(['altered', last!.seq]);
    expect(['not_canonical', 'lookup_altered']).toContain(report.findings[0]?.code);
    await expect(openTrail(directory.options({ file, anchors: () => {} }))).rejects.toMatchObject({
      code: 'broken',
      message: expect.stringContaining(`the payload of entry ${last!.seq} is`),
    });
    const asked = ask(file, { after: last!.seq - 2 });
    const found = await asked.catch((error: unknown) => error);
    if (found instanceof Error) expect(found).toMatchObject({ name: 'TrailError', code: 'broken' });
    else if (_ !== 'no timestamp') expect((found as TrailPage).damaged?.[0]?.seq).toBe(last!.seq);
  });

  it('does not make a query die, whatever stands there', async () => {
    for (const payload of ['NaN', '', '{', '[1]', 'null', canonicalPayload({ v: 1, seq: 5 })]) {
      const file = copied();
      const db = rawDatabase(file);
      db.exec('DROP TRIGGER entries_fixed');
      db.exec('PRAGMA writable_schema = ON');
      for (const { name } of db
        .prepare(
          `SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = 'entries'`,
        )
        .all())
        db.exec(`DROP INDEX ${String(name)}`);
      try {
        db.prepare('UPDATE entries SET payload = ? WHERE seq = 5').run(payload);
      } catch {
        // SQLite does not store it either.
        db.close();
        continue;
      }
      db.close();
      await expect(ask(file, {})).rejects.toMatchObject({ name: 'TrailError', code: 'broken' });
    }
  });
});
