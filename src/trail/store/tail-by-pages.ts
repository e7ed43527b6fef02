import { setTimeout } from 'node:timers/promises';
import { type TrailEntry } from './trail-entry.js';
import { TrailError } from './trail-error.js';
import { LARGEST_PAGE } from './trail-query.js';
import { type TrailView } from './trail-view.js';

/** How often it is looked for what others have committed. */
const LOOK_MS = 250;

/**
 * Entries behind a position, and those that come, by asking for the next page until there is one. As `seq` is given in
 * the order of commits, nothing appears later behind what was read.
 */
export async function* tailByPages(
  view: Pick<TrailView, 'query'>,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<TrailEntry, void, undefined> {
  let place = after;
  while (!signal.aborted) {
    const { entries, damaged, next } = await view.query({ after: place, limit: LARGEST_PAGE });
    for (const entry of entries) {
      if (signal.aborted) return;
      yield entry;
      place = entry.seq;
    }
    if (damaged?.[0]) throw new TrailError('broken', damaged[0].problem);
    place = Math.max(place, next ?? place);
    if (next === undefined) await setTimeout(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}
