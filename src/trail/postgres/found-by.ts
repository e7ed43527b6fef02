import { type PlainObject } from '../../wire/plain-value.js';
import { type TrailEntry } from '../store/trail-entry.js';

/** What stands beside a payload, for queries; named as the columns are. */
export interface FoundBy {
  readonly id: string;
  readonly kind: string;
  readonly time: string;
  readonly level: string | null;
  readonly logger: string | null;
  readonly action: string | null;
  readonly actor: string | null;
  readonly outcome: string | null;
  readonly intent: string | null;
  readonly epoch: string | null;
  readonly stream_seq: number | null;
  readonly targets: readonly string[] | null;
}

export const FOUND_BY = [
  'id',
  'kind',
  'time',
  'level',
  'logger',
  'action',
  'actor',
  'outcome',
  'intent',
  'epoch',
  'stream_seq',
  'targets',
] as const satisfies readonly (keyof FoundBy)[];

/** What an entry is found by: of its own text, and of nothing else. */
export function foundBy({ kind, stream, data }: Pick<TrailEntry, 'kind' | 'stream' | 'data'>): FoundBy {
  return {
    id: searchable(String(data.id)),
    kind,
    time: String(data.timestamp),
    level: text(data.level),
    logger: text(data.logger),
    action: text(data.action),
    actor: idOf(data.actor),
    outcome: text(data.outcome),
    // Of the entry that says how the call ended: that a stream has begun is not its end.
    intent: data.outcome == null ? null : text(data.intent),
    epoch: stream ? searchable(stream.epoch) : null,
    stream_seq: stream ? stream.seq : null,
    targets: targetIds(data.targets),
  };
}

/** A text of PostgreSQL has no NUL. */
export function searchable(value: string): string {
  return value.replaceAll('\0', '\u{fffd}');
}

function targetIds(targets: unknown): string[] | null {
  if (!Array.isArray(targets)) return null;
  const ids = targets.map(idOf).filter((id) => id !== null);
  return ids.length > 0 ? [...new Set(ids)] : null;
}

function idOf(value: unknown): string | null {
  return typeof value === 'object' && value !== null && 'id' in value ? text(value.id) : null;
}

function text(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return searchable(typeof value === 'object' ? JSON.stringify(value) : String(value as PlainObject[string]));
}
