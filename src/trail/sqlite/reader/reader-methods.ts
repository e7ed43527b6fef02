import { type FilterSpec } from '../../../wire/filter/filter-spec.js';
import { type Hold } from '../../store/hold.js';
import { type PrunableStretch, type PruneBounds } from '../../store/pruned.js';
import { type StoredCheckpoint, type TrailPosition, type TrailSummary } from '../../store/trail-view.js';
import { type TrailPage, type TrailQuery } from '../../store/trail-query.js';
import { type StreamPosition } from '../../store/trail-entry.js';

/** What the thread that reads is started with. */
export interface ReaderData {
  readonly file: string;
}

/** What it can be asked. */
export type ReaderMethods = {
  query(asked: { readonly query: TrailQuery; readonly held: readonly FilterSpec[] | undefined }): TrailPage;
  holds(nothing: undefined): Hold[];
  summary(nothing: undefined): TrailSummary;
  countSince(seq: number): number;
  lastCheckpoint(nothing: undefined): StoredCheckpoint | undefined;
  prunable(bounds: PruneBounds): PrunableStretch;
  positionAfter(position: StreamPosition): TrailPosition | undefined;
  close(nothing: undefined): void;
};
