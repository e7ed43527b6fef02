import { type AppendedBatch } from './appended-batch.js';
import { type WrittenCheckpoint } from '../../store/signing/checkpoint-writer.js';
import { type OpenIntent } from './open-intents.js';
import { type PruneBounds, type PruneResult } from './pruning.js';
import { type WriterOptions } from './start-trail.js';
import { type PlainTrailError } from '../../store/worker-calls.js';

/** What the thread that writes is started with. */
export interface WriterData {
  readonly options: WriterOptions;
  readonly instance: string;
}

/** What the thread found. */
export interface OpenedTrail {
  readonly trail: string;
  readonly verifier: string;
  /** The signing key was made now, in {@link keyPath}. */
  readonly keyCreated: boolean;
  readonly keyPath: string | undefined;
  readonly last: number;
  readonly checkpoint: WrittenCheckpoint | undefined;
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
  | { readonly event: 'space'; readonly value: { readonly free: number; readonly isLow: boolean } };
