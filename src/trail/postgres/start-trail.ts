import { type ResolvedTrailOptions } from '../../options/trail-options.js';
import { parseCheckpoint, type SignedCheckpoint } from '../evidence/checkpoint-note.js';
import { checkSignature } from '../evidence/signed-note.js';
import { VerifyingKey } from '../evidence/verifying-key.js';
import { lastAnchor } from '../store/last-anchor.js';
import { requirePlainFile } from '../store/private-file.js';
import { anchorDiffers, checkpointBroken } from '../store/store.messages.js';
import { TrailError } from '../store/trail-error.js';
import { startKeys } from '../store/trail-keys.js';
import { type Connections } from './connect.js';
import { type RunSql } from './pg-pool.js';
import { type SignerTrail } from './postgres-signer.js';
import { notInitialised, otherFormat, serverMustBe } from './postgres.messages.js';
import { Pruning } from './pruning.js';
import { migrations } from './schema.js';
import { lastCheckpoint, VerifiedHead } from './verified-head.js';

/** The oldest server whose functions are enough: `pg_current_xact_id()`, `gen_random_uuid()`. */
const OLDEST_SERVER = 130_000;

/**
 * Checks the server, and that what is stored fits together: nothing may be appended to what was tampered with.
 *
 * @throws TrailError with a sentence that says what to change
 */
export async function startTrail(
  connections: Connections,
  options: ResolvedTrailOptions,
  instance: string,
): Promise<SignerTrail> {
  const { schema, name } = connections;
  const run: RunSql = (sql, values) => connections.query(sql, values);
  const anchors = typeof options.anchors === 'string' ? options.anchors : undefined;
  if (anchors !== undefined) requirePlainFile(anchors);
  await requireServer(run, name, schema);
  const [row] = await run(
    `SELECT (SELECT id FROM ${schema}.trail) AS trail,
       (SELECT value FROM ${schema}.meta WHERE name = 'verifier') AS verifier`,
  );
  const trail = String(row!.trail);
  const known = row!.verifier == null ? undefined : String(row!.verifier);
  const head = new VerifiedHead(schema, name);
  const last = await lastCheckpoint(run, schema);
  if (last) {
    const isSigned =
      known !== undefined &&
      checkSignature(parseCheckpoint(last.note), VerifyingKey.parse(known)) === 'valid';
    if (!isSigned) throw new TrailError('broken', checkpointBroken(name, last.size));
    await head.startAt(run, last);
  }
  await head.advance(run);
  const anchor = anchors === undefined ? undefined : lastAnchor(anchors, trail);
  if (anchor && known !== undefined)
    await requireAnchor(run, connections, anchor, known, head.size, anchors!);
  return {
    trail,
    instance,
    head,
    verifier: known ?? '',
    keys: options.signs ? startKeys(options, trail, known) : undefined,
    last: last && { size: last.size, time: parseCheckpoint(last.note).checkpoint.time, note: last.note },
    anchors,
    anchored: (anchor && (await numberOf(run, schema, anchor))) ?? Math.max(0, (last?.number ?? 0) - 1),
  };
}

async function requireServer(run: RunSql, name: string, schema: string): Promise<void> {
  const [server] = await run(
    `SELECT current_setting('server_version_num')::integer AS version, current_setting('fsync') AS fsync,
       pg_is_in_recovery() AS standby, current_setting('server_encoding') AS encoding,
       to_regclass('${schema}.meta') IS NOT NULL AS made,
       (SELECT relpersistence FROM pg_class WHERE oid = to_regclass('${schema}.entries')) AS persistence`,
  );
  const { version, fsync, standby, encoding, made, persistence } = server!;
  const demand = (setting: string, wanted: string, found: unknown, holds: boolean): void => {
    if (!holds) throw new TrailError('unsupported', serverMustBe(name, setting, wanted, String(found)));
  };
  demand('the version', '13 or newer', version, Number(version) >= OLDEST_SERVER);
  demand('the encoding', 'UTF8', encoding, encoding === 'UTF8');
  demand('fsync', 'on', fsync, fsync === 'on');
  demand('the role', 'the primary', 'of a standby', standby === false);
  if (made !== true) throw new TrailError('not_a_trail', notInitialised(name, schema));
  demand('the table `entries`', 'logged', 'unlogged', persistence === 'p');
  const [meta] = await run(`SELECT value FROM ${schema}.meta WHERE name = 'format'`);
  const [found, wanted] = [Number(meta?.value ?? 0), migrations(schema).length];
  if (found !== wanted) throw new TrailError('not_a_trail', otherFormat(name, schema, found, wanted));
}

async function requireAnchor(
  run: RunSql,
  { name, schema }: Connections,
  anchor: SignedCheckpoint,
  known: string,
  head: number,
  path: string,
): Promise<void> {
  // Anybody who can write to the file can put a note into it; only one that the key signed says something.
  if (checkSignature(anchor, VerifyingKey.parse(known)) !== 'valid') return;
  const { size } = anchor.checkpoint;
  const isPruned = size < (await new Pruning(run, schema).through());
  if (size > head || ((await numberOf(run, schema, anchor)) === undefined && !isPruned))
    throw new TrailError('broken', anchorDiffers(name, path, size));
}

async function numberOf(
  run: RunSql,
  schema: string,
  { checkpoint: { size, root } }: SignedCheckpoint,
): Promise<number | undefined> {
  const [row] = await run(
    `SELECT max(number) AS number FROM ${schema}.checkpoints WHERE size = $1 AND root = $2`,
    [size, root],
  );
  return row?.number == null ? undefined : Number(row.number);
}
