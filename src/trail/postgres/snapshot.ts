import { FIRST_START, parseStart } from '../evidence/start-state.js';
import { type StoredEntry } from '../evidence/verify/stored-entry.js';
import { type EvidenceSnapshot } from '../store/trail-view.js';
import { type Connections } from './connect.js';
import { PostgresLookupCheck } from './lookup-check.js';
import { type RunSql } from './pg-pool.js';
import { Pruning } from './pruning.js';
import { ENTRY_COLUMNS, entryRow } from './row-check.js';

/** Rows that are read at once: some milliseconds of this thread, between which it answers others. */
const ROWS = 500;

/** Everything of a trail at one moment, page by page in one transaction: what is committed meanwhile does not show. */
export async function openSnapshot(
  connections: Connections,
  signal?: AbortSignal,
): Promise<EvidenceSnapshot> {
  const { schema } = connections;
  const client = await connections.acquire();
  const run: RunSql = async (sql, values = []) => {
    signal?.throwIfAborted();
    try {
      return (await client.query(sql, values)).rows;
    } catch (error) {
      throw connections.explain(error);
    }
  };
  try {
    await run('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const [row] = await run(
      `SELECT (SELECT id FROM ${schema}.trail) AS trail, (SELECT max(seq) FROM ${schema}.entries) AS last,
         (SELECT value FROM ${schema}.meta WHERE name = 'first_verifier') AS first,
         (SELECT value FROM ${schema}.meta WHERE name = 'verifier') AS signer`,
    );
    const { trail, last, first, signer } = row!;
    const pruned = await new Pruning(run, schema).last();
    const through = pruned?.through ?? 0;
    const lookups = new PostgresLookupCheck();
    return {
      trail: String(trail),
      keys: first == null ? [] : [String(first)],
      ...(signer != null && { signer: String(signer) }),
      start: (pruned && parseStart(pruned)) ?? FIRST_START,
      entries: entries(run, schema, through, lookups),
      checkpoints: notes(run, schema, through, lookups),
      lookups,
      last: Number(last ?? 0),
      prunedThrough: through,
      [Symbol.asyncDispose]: async () => {
        // Ended, not given back: what was read of it may still be on its way.
        connections.giveBack(client, 'read');
      },
    };
  } catch (error) {
    connections.giveBack(client, error);
    throw error;
  }
}

async function* entries(
  run: RunSql,
  schema: string,
  through: number,
  lookups: PostgresLookupCheck,
): AsyncGenerator<StoredEntry, void, undefined> {
  const read = (after: number): ReturnType<RunSql> =>
    run(`SELECT ${ENTRY_COLUMNS} FROM ${schema}.entries AS e WHERE e.seq > $1 ORDER BY e.seq LIMIT ${ROWS}`, [
      after,
    ]);
  let rows = await read(through);
  while (rows.length > 0) {
    // Asked for while these are looked at.
    const following = rows.length < ROWS ? Promise.resolve([]) : read(Number(rows.at(-1)!.seq));
    following.catch(() => undefined);
    for (const row of rows) {
      const entry = entryRow(row);
      lookups.next(entry);
      yield entry;
    }
    rows = await following;
  }
}

async function* notes(
  run: RunSql,
  schema: string,
  through: number,
  lookups: PostgresLookupCheck,
): AsyncGenerator<string, void, undefined> {
  for (let number = 0; ;) {
    const rows = await run(
      `SELECT * FROM ${schema}.checkpoints WHERE number > $1 ORDER BY number LIMIT ${ROWS}`,
      [number],
    );
    for (const row of rows) {
      if (Number(row.size) >= through) lookups.checkpoint(row);
      yield String(row.note);
    }
    if (rows.length < ROWS) return;
    number = Number(rows.at(-1)!.number);
  }
}
