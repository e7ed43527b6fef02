import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type DatabaseSync } from 'node:sqlite';
import { parseCheckpoint, type SignedCheckpoint } from '../../evidence/checkpoint-note.js';
import { checkSignature } from '../../evidence/signed-note.js';
import { VerifyingKey } from '../../evidence/verifying-key.js';
import { defaultAnchors } from '../../../options/resolve-trail-options.js';
import { type ResolvedTrailOptions } from '../../../options/trail-options.js';
import { lastAnchor } from '../../store/last-anchor.js';
import { type WrittenCheckpoint } from '../../store/written-checkpoint.js';
import { openForWriting } from '../connection.js';
import { requirePlainFile } from '../../store/private-file.js';
import { requireFile, requireOneName } from '../file-place.js';
import { warnOfNetwork } from '../network-place.js';
import { FileLock } from './file-lock.js';
import { readMeta, trailId } from '../meta.js';
import { prunedThrough } from './pruning.js';
import { restoreHead, type RestoredHead } from './restore-head.js';
import { loadSqlite, trailErrorOf } from '../sqlite.js';
import {
  anchorDiffers,
  cannotOpen,
  checkpointBroken,
  directoryMissing,
  trailMissing,
} from '../../store/store.messages.js';
import { TrailError } from '../../store/trail-error.js';
import { startKeys, type StartKeys } from '../../store/trail-keys.js';

/** A trail that was found in order, and is held. */
export interface StartedTrail {
  readonly lock: FileLock;
  readonly db: DatabaseSync;
  /** Id of the trail. */
  readonly trail: string;
  readonly keys: StartKeys;
  readonly restored: RestoredHead;
  /** Number of the last checkpoint that is in the anchor file. */
  readonly anchored: number;
}

/** The part of the options that a worker can be given: a function cannot be. */
export type WriterOptions = Omit<ResolvedTrailOptions, 'anchors'> & { readonly anchors: string | undefined };

/**
 * Takes the lock, opens the file and checks that what is there fits together.
 *
 * @throws TrailError with a sentence that says what to change; nothing is held then
 */
export function startTrail(options: WriterOptions): StartedTrail {
  loadSqlite();
  const { file } = options;
  if (!existsSync(dirname(file))) throw new TrailError('io', directoryMissing(file));
  orExplain(file, () => requireFile(file));
  orExplain(file, () => requireOneName(file));
  warnOfNetwork(file);
  if (options.anchors !== undefined) requirePlainFile(options.anchors);
  const lock = orExplain(file, () => FileLock.take(file));
  try {
    const db = orExplain(file, () => openForWriting(file));
    try {
      return { lock, db, ...orExplain(file, () => readTrail(db, options)) };
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
}

function readTrail(db: DatabaseSync, options: WriterOptions): Omit<StartedTrail, 'lock' | 'db'> {
  const { file, anchors } = options;
  const trail = trailId(db);
  const restored = restoreHead(db, file);
  const known = readMeta(db, 'verifier');
  if (known === undefined && restored.head.seq === 0) requireNoOtherTrail(options);
  if (restored.last) requireSignature(restored.last, known, file);
  const anchor = anchors === undefined ? undefined : lastAnchor(anchors, trail);
  if (anchor && known !== undefined) requireAnchor(db, anchor, known, restored, options);
  return {
    trail,
    restored,
    // A file of anchors that was put away begins anew with the last checkpoint, not with all that ever were.
    anchored: (anchor && numberOf(db, anchor)) ?? Math.max(0, restored.number - 1),
    keys: startKeys(options, trail, known),
  };
}

function requireSignature({ note, size }: WrittenCheckpoint, known: string | undefined, file: string): void {
  const isSigned =
    known !== undefined && checkSignature(parseCheckpoint(note), VerifyingKey.parse(known)) === 'valid';
  if (!isSigned) throw new TrailError('broken', checkpointBroken(file, size));
}

/** A trail that is gone must not be begun anew as if there had never been one. */
function requireNoOtherTrail({ file, anchors }: WriterOptions): void {
  // A file of anchors somewhere else may be that of several trails.
  if (anchors === undefined || anchors !== defaultAnchors(file)) return;
  const anchor = lastAnchor(anchors);
  if (!anchor) return;
  const { trail, size } = anchor.checkpoint;
  throw new TrailError('broken', trailMissing(file, anchors, trail, size));
}

function requireAnchor(
  db: DatabaseSync,
  anchor: SignedCheckpoint,
  known: string,
  { head }: RestoredHead,
  { file, anchors }: WriterOptions,
): void {
  // Anybody who can write to the file can put a note into it; only one that the key signed says something.
  if (checkSignature(anchor, VerifyingKey.parse(known)) !== 'valid') return;
  const { size } = anchor.checkpoint;
  const isPruned = size < prunedThrough(db);
  if (size > head.seq || (numberOf(db, anchor) === undefined && !isPruned)) {
    throw new TrailError('broken', anchorDiffers(file, anchors ?? '', size));
  }
}

/** The number of the checkpoint that an anchor is. */
function numberOf(db: DatabaseSync, { checkpoint: { size, root } }: SignedCheckpoint): number | undefined {
  const row = db
    .prepare('SELECT number FROM checkpoints WHERE size = ? AND root = ? ORDER BY number DESC LIMIT 1')
    .get(size, root);
  return row && Number(row.number);
}

function orExplain<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof TrailError) throw error;
    const explained = trailErrorOf(error, file);
    // An error of the system, not of SQLite: a directory that may not be written to.
    const isSystem = error instanceof Error && 'syscall' in error;
    throw isSystem ? new TrailError('io', cannotOpen(file, error), { cause: error }) : explained;
  }
}
