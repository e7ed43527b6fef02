import { type DatabaseSync } from 'node:sqlite';
import { type DiskSpace } from './disk-space.js';
import { type FileWitness } from './file-witness.js';
import { type Ownership } from './ownership.js';
import { resultCode, trailErrorOf, transaction } from '../sqlite.js';
import { foreignWriter } from '../../store/store.messages.js';
import { TrailError } from '../../store/trail-error.js';
import { type TrailHead } from './trail-head.js';

const FULL = 13;

/**
 * Runs transactions that move the head. When one fails, the head goes back to the last committed state, so that the
 * next can succeed; when the file itself is lost, none is run any more.
 */
export class Committer {
  private lost: TrailError | undefined;
  /** A transaction failed, and what SQLite says about its end is not taken on trust. */
  private doubtful = false;

  constructor(
    private readonly file: string,
    private readonly db: DatabaseSync,
    private readonly head: TrailHead,
    private readonly witness: FileWitness,
    private readonly space: DiskSpace,
    private readonly ownership: Ownership,
  ) {}

  /**
   * @param work may run twice: once more when it failed for want of space and there was a ballast to give up
   * @throws TrailError; nothing of the work is committed then, unless the file is lost
   */
  run<T>(work: () => T): T {
    this.demandFile();
    try {
      return this.attempt(work);
    } catch (error) {
      if (resultCode(error) !== FULL || !this.space.giveUpBallast()) throw this.explain(error);
    }
    try {
      return this.attempt(work);
    } catch (error) {
      throw this.explain(error);
    }
  }

  /** @throws TrailError when the file is not where it was */
  demandFile(): void {
    if (this.lost) throw this.lost;
    try {
      this.witness.check();
    } catch (error) {
      throw this.explain(error);
    }
  }

  private attempt<T>(work: () => T): T {
    if (this.doubtful) this.requireHead();
    const saved = this.head.save();
    let result: T;
    try {
      result = transaction(this.db, () => {
        this.ownership.demand();
        return work();
      });
    } catch (error) {
      this.head.restore(saved);
      this.doubtful = true;
      throw error;
    }
    this.ownership.committed();
    // Before anybody is told: a commit to a file that was deleted is none.
    this.witness.check();
    return result;
  }

  /** What is stored must be what the head was computed from; read back, since the transaction before failed. */
  private requireHead(): void {
    const last = this.db.prepare('SELECT seq, chain FROM entries ORDER BY seq DESC LIMIT 1').get();
    const { seq = 0, chain } = last ?? {};
    if (seq !== this.head.seq || (chain && !Buffer.from(this.head.chain).equals(chain as Uint8Array))) {
      throw new TrailError('corrupt', foreignWriter(this.file));
    }
    this.doubtful = false;
  }

  private explain(error: unknown): TrailError {
    const explained = trailErrorOf(error, this.file);
    if (explained.final) this.lost ??= explained;
    return explained;
  }
}
