import { type Produced } from './canary.js';

/** A kind of client: what it speaks, what it asks for, and what it must get. */
interface Kind {
  readonly speaks: 'websocket' | 'sse' | 'ndjson';
  readonly query: string;
  readonly passes: (record: Produced) => boolean;
}

const all = (): boolean => true;
const isAudit = ({ audit }: Produced): boolean => audit;

const TENANT = { query: 'who=tenant+a', passes: ({ tenant }: Produced): boolean => tenant === 'a' };

export const SPECIES = {
  extended: { speaks: 'websocket', query: 'v=1', passes: all },
  'audit only': { speaks: 'websocket', query: 'v=1&category=audit', passes: isAudit },
  'system only': { speaks: 'websocket', query: 'v=1&category=system', passes: (record) => !isAudit(record) },
  plain: { speaks: 'websocket', query: '', passes: ({ number }) => number !== undefined },
  'event stream': { speaks: 'sse', query: '', passes: all },
  'audit event stream': { speaks: 'sse', query: 'category=audit', passes: isAudit },
  'system event stream': { speaks: 'sse', query: 'category=system', passes: (record) => !isAudit(record) },
  ndjson: { speaks: 'ndjson', query: 'format=ndjson', passes: all },
  /** Held to a filter by its principal. */
  tenant: { ...TENANT, speaks: 'websocket', query: `v=1&${TENANT.query}` },
  'tenant event stream': { ...TENANT, speaks: 'sse' },
} as const satisfies Record<string, Kind>;

export type Species = keyof typeof SPECIES;
