import { type Access } from '../monitor/access/access.js';
import { type AuditTrail } from './audit-trail.js';
import { type TrailEntry } from './store/trail-entry.js';
import { type TrailPage, type TrailQuery } from './store/trail-query.js';

/**
 * A page of the trail as somebody may see it. What they are held to holds within the search: behind it, a cursor or a
 * search for a text would tell of the entries that it hides.
 */
export async function readTrailAs(access: Access, trail: AuditTrail, query: TrailQuery): Promise<TrailPage> {
  return readable(await trail.page(query, access.restricted ? access.narrow({}) : undefined));
}

/** Without the stored text, which says the same again. */
function readable(page: TrailPage): TrailPage {
  return { ...page, entries: page.entries.map(({ payload: _, ...entry }) => entry as TrailEntry) };
}
