import { setImmediate } from 'node:timers/promises';
import { type TrailEntry } from '../../trail/store/trail-entry.js';
import { type DamagedEntry, LARGEST_PAGE, type TrailQuery } from '../../trail/store/trail-query.js';
import { type TrailView } from '../../trail/store/trail-view.js';
import { type AuditRun } from './run-audit.js';

/**
 * Entries of a query, page by page; between two pages it can be interrupted.
 *
 * @param damaged gets what was found and is not what was stored
 */
export async function* foundEntries(
  view: TrailView,
  query: TrailQuery,
  most: number,
  { progress, signal }: Pick<AuditRun, 'progress' | 'signal'>,
  damaged: DamagedEntry[],
): AsyncGenerator<TrailEntry, void, undefined> {
  const cursor = query.order === 'desc' ? 'before' : 'after';
  let left = most;
  let place: number | undefined = query[cursor];
  while (left > 0) {
    const page = await view.query({
      ...query,
      limit: Math.min(LARGEST_PAGE, left),
      ...(place !== undefined && { [cursor]: place }),
    });
    if (page.entries.length > 0) progress.clear();
    yield* page.entries;
    damaged.push(...(page.damaged ?? []));
    left -= page.entries.length + (page.damaged?.length ?? 0);
    if (page.next === undefined) return;
    place = page.next;
    progress.show('Searched to entry', place, page.head);
    await setImmediate();
    if (signal.aborted) return;
  }
}
