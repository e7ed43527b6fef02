import { type Access } from '../monitor/access/access.js';
import { compileFilters } from '../subscription/filter/compile-filter.js';
import { type AuditTrail } from './audit-trail.js';
import { recordOf } from './stored-record.js';
import { type TrailEntry } from './store/trail-entry.js';
import { type TrailPage, type TrailQuery } from './store/trail-query.js';

/**
 * A page of the trail as somebody may see it. Who is held to a filter gets records that pass it, and nothing of what the
 * trail notes for itself.
 */
export async function readTrailAs(access: Access, trail: AuditTrail, query: TrailQuery): Promise<TrailPage> {
  if (!access.restricted) return readable(await trail.page(query));
  const passes = compileFilters(access.narrow({})) ?? (() => true);
  const page = await trail.page({ ...query, kinds: ['record'] });
  const entries = page.entries.filter(({ data, stream }) => passes(recordOf(data, stream?.seq ?? 0)));
  return readable({ ...page, entries });
}

/** Without the stored text, which says the same again. */
function readable(page: TrailPage): TrailPage {
  return { ...page, entries: page.entries.map(({ payload: _, ...entry }) => entry as TrailEntry) };
}
