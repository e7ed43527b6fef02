import { type AppendedBatch } from '../../store/appended-batch.js';
import { type WrittenCheckpoint } from '../../store/written-checkpoint.js';
import { type OpenIntent } from '../../store/open-intent.js';
import { type PruneBounds, type PruneResult } from '../../store/pruned.js';
import { type WriterOptions } from './start-trail.js';
import { type OpenedTrail } from '../../store/trail-backend.js';
import { type PlainTrailError } from '../../store/worker-calls.js';

/** What the thread that writes is started with. */
export interface WriterData {
  readonly options: WriterOptions;
  readonly instance: string;
}

/** What it can be asked. */
export type WriterMethods = {
  open(nothing: undefined): OpenedTrail;
  append(batch: string): AppendedBatch;
  beginEpoch(epoch: string): void;
  openIntents(nothing: undefined): OpenIntent[];
  checkpoint(nothing: undefined): WrittenCheckpoint;
  rotateKey(pem: string | undefined): string;
  prune(bounds: PruneBounds): Promise<PruneResult>;
  close(nothing: undefined): void;
};

/** What it says unasked. */
export type WriterEvent =
  | { readonly event: 'checkpoint'; readonly value: WrittenCheckpoint }
  /** What failed beside an append; `undefined` when it works again. */
  | { readonly event: 'upkeep'; readonly value: PlainTrailError | undefined }
  | { readonly event: 'space'; readonly value: { readonly free: number; readonly isLow: boolean } }
  | { readonly event: 'pruning'; readonly value: number };
