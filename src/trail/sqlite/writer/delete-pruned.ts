import { type DatabaseSync } from 'node:sqlite';
import { pragma } from '../connection.js';
import { type Committer } from './committer.js';
import { prunedThrough } from './pruning.js';

/** Entries deleted in one transaction, pages given back in one: some ten milliseconds, which commits wait at most. */
const STEP_ENTRIES = 500;
const STEP_PAGES = 256;

/**
 * Deletes what is pruned, in steps: each is a transaction of its own, and a crash between two leaves what the next
 * start goes on with. Nobody sees what is pruned and not deleted yet.
 *
 * @param commits runs each step: not in a trail that another process has taken over
 * @param pause between two steps; false ends the work
 */
export async function deletePruned(
  db: DatabaseSync,
  commits: Committer,
  pause: () => Promise<boolean>,
): Promise<void> {
  const through = prunedThrough(db);
  if (through === 0) return;
  do if (!deleteStep(db, commits, through)) return giveBackPages(db, commits, pause);
  while (await pause());
}

function deleteStep(db: DatabaseSync, commits: Committer, through: number): boolean {
  const first = Number(db.prepare('SELECT min(seq) AS first FROM entries').get()?.first);
  if (first > through) return false;
  const last = Math.min(through, first + STEP_ENTRIES - 1);
  commits.run(() => {
    db.prepare('INSERT INTO pruning VALUES (?)').run(through);
    rememberStreams(db, last);
    db.prepare('DELETE FROM entries WHERE seq <= ?').run(last);
    // The checkpoint at the end of what goes stays: the rest is verified from there.
    db.prepare('DELETE FROM checkpoints WHERE size < ?').run(Math.min(last, through));
    db.exec('DELETE FROM pruning');
  });
  return true;
}

/** So that a client whose cursor is older can be told that it missed something. */
function rememberStreams(db: DatabaseSync, last: number): void {
  db.prepare(
    `UPDATE epochs SET pruned = max(pruned, gone.seq)
     FROM (SELECT epoch, max(stream_seq) AS seq FROM entries WHERE seq <= ? AND epoch IS NOT NULL GROUP BY epoch) AS gone
     WHERE epochs.epoch = gone.epoch`,
  ).run(last);
}

async function giveBackPages(
  db: DatabaseSync,
  commits: Committer,
  pause: () => Promise<boolean>,
): Promise<void> {
  while (Number(pragma(db, 'freelist_count')) > 0) {
    commits.run(() => db.exec(`PRAGMA incremental_vacuum(${STEP_PAGES})`));
    if (!(await pause())) return;
  }
  db.exec('PRAGMA wal_checkpoint(PASSIVE)');
}
