import { type AppendedBatch } from './appended-batch.js';
import { type WrittenCheckpoint } from './written-checkpoint.js';
import { Listeners } from './listeners.js';
import { TrailError } from './trail-error.js';
import { type TrailProblem, type TrailState } from './trail-status.js';
import { type BackendListener } from './trail-backend.js';

/** What a store knows about itself from the answers of its writer. */
export class StoreHealth {
  last = 0;
  committed = 0;
  commits = 0;
  checkpoint: WrittenCheckpoint | undefined;
  lowSpace = false;
  readonly changes = new Listeners<void>();
  readonly checkpoints = new Listeners<WrittenCheckpoint>();
  private failure: TrailError | undefined;
  private appending: TrailProblem | undefined;
  private upkeep: TrailProblem | undefined;

  get state(): TrailState {
    if (this.failure) return this.failure.code === 'closed' ? 'closed' : 'failed';
    return this.appending ? 'failing' : 'ok';
  }

  /** Why nothing is stored any more. */
  get final(): TrailError | undefined {
    return this.failure;
  }

  get problem(): TrailProblem | undefined {
    return this.failure ?? this.appending;
  }

  /** Why there is no checkpoint over what was committed, or no anchor of it. */
  get checkpointProblem(): TrailProblem | undefined {
    return this.upkeep;
  }

  appended({ seqs }: AppendedBatch): void {
    for (const seq of seqs) this.last = Math.max(this.last, seq);
    this.committed += seqs.filter((seq) => seq > 0).length;
    this.commits += 1;
    if (!this.appending) return;
    this.appending = undefined;
    this.changes.tell();
  }

  appendFailed(error: unknown): void {
    if (!(error instanceof TrailError)) return;
    if (error.final) return this.fail(error);
    const isNews = this.appending?.message !== error.message;
    this.appending = error;
    if (isNews) this.changes.tell();
  }

  startWith(last: number, checkpoint: WrittenCheckpoint | undefined): void {
    this.last = last;
    this.checkpoint ??= checkpoint;
  }

  /** Hears what the backend says unasked. */
  get listener(): BackendListener {
    return {
      checkpoint: (checkpoint) => {
        this.checkpoint = checkpoint;
        this.checkpoints.tell(checkpoint);
      },
      upkeep: (problem) => this.upkeepIs(problem),
      space: ({ isLow }) => {
        this.lowSpace = isLow;
        this.changes.tell();
      },
      pruning: () => {},
      ended: (error) => this.fail(error),
    };
  }

  /** @param problem `undefined` when there is none any more */
  private upkeepIs(problem: TrailProblem | undefined): void {
    const error = problem && new TrailError(problem.code, problem.message);
    if (error?.final) return this.fail(error);
    const isNews = this.upkeep?.message !== problem?.message;
    this.upkeep = problem;
    if (isNews) this.changes.tell();
  }

  /** The first failure stays: what follows from it says less. */
  private fail(error: TrailError): void {
    if (this.failure) return;
    this.failure = error;
    this.changes.tell();
  }
}
