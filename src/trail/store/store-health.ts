import { type AppendedBatch } from './appended-batch.js';
import { type WrittenCheckpoint } from './checkpoint-writer.js';
import { TrailError } from './trail-error.js';
import { type TrailProblem, type TrailState } from './trail-status.js';

/** What a store knows about itself from the answers of its writer. */
export class StoreHealth {
  last = 0;
  committed = 0;
  commits = 0;
  checkpoint: WrittenCheckpoint | undefined;
  lowSpace = false;
  private failure: TrailError | undefined;
  private appending: TrailProblem | undefined;
  private upkeep: TrailProblem | undefined;

  /** @param onChange state, problem or space are not what they were */
  constructor(private readonly onChange: () => void) {}

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
    this.onChange();
  }

  appendFailed(error: unknown): void {
    if (!(error instanceof TrailError)) return;
    if (error.final) return this.fail(error);
    const isNews = this.appending?.message !== error.message;
    this.appending = error;
    if (isNews) this.onChange();
  }

  /** @param problem `undefined` when there is none any more */
  upkeepIs(problem: TrailProblem | undefined): void {
    const error = problem && new TrailError(problem.code, problem.message);
    if (error?.final) return this.fail(error);
    const isNews = this.upkeep?.message !== problem?.message;
    this.upkeep = problem;
    if (isNews) this.onChange();
  }

  spaceIs(isLow: boolean): void {
    this.lowSpace = isLow;
    this.onChange();
  }

  /** The first failure stays: what follows from it says less. */
  fail(error: TrailError): void {
    if (this.failure) return;
    this.failure = error;
    this.onChange();
  }
}
