import { entryOf, type TrailEntry } from '../../../src/trail/store/trail-entry.js';
import { TrailReader } from '../../../src/trail/sqlite/reader/trail-reader.js';

/** All entries behind a position, read from the file. */
export function entriesOf(file: string, after = 0): TrailEntry[] {
  using reader = TrailReader.open(file);
  return [...reader.rows(after)].map(entryOf);
}

/** Ids of the targets of an entry. */
export function targetsOf({ data }: TrailEntry): string[] {
  return ((data['targets'] ?? []) as { id: string }[]).map(({ id }) => id);
}

/** Records that the trail says could not be kept. */
export function countedIn(entries: readonly TrailEntry[]): number {
  return entries
    .filter(({ kind }) => kind === 'gap')
    .reduce((sum, { data }) => sum + Number(data['count'] ?? 0), 0);
}
