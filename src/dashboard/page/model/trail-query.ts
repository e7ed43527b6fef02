import { type FieldCondition, type PanelFilter } from './panel-filter.js';
import { type Scalar, type ValuePath } from './value-path.js';

/** What is searched for in the whole trail; '' for anything. */
export interface TrailQuery {
  /** An action, or with `*` at its end the beginning of one. */
  readonly action: string;
  /** Id of the actor. */
  readonly actor: string;
  /** Id of a target. */
  readonly target: string;
  readonly outcome: string;
  /** ISO 8601, UTC. */
  readonly from: string;
  /** The same; not included. */
  readonly to: string;
  /** A text that stands anywhere in an entry, in any case. */
  readonly text: string;
  /** Kinds of entries, by commas. */
  readonly kinds: string;
}

export const ANY_ENTRY: TrailQuery = {
  action: '',
  actor: '',
  target: '',
  outcome: '',
  from: '',
  to: '',
  text: '',
  kinds: '',
};

const NAMES = Object.keys(ANY_ENTRY) as (keyof TrailQuery)[];

/** As the server takes it; a link comes from anywhere. */
const LONGEST_TEXT = 1_000;

/** Says in a link that the trail is searched, also when for anything. */
const OPEN = 'trail';

/** @returns the conditions as parameters, of a link or of the route */
function conditions(query: TrailQuery, prefix = ''): [name: string, value: string][] {
  return NAMES.flatMap((name) => {
    const value = query[name].trim();
    return value === '' ? [] : [[`${prefix}${name}`, value] satisfies [string, string]];
  });
}

/** @returns the query of the route for one page, newest first */
export function pageParameters(query: TrailQuery, limit: number, before?: number): URLSearchParams {
  return new URLSearchParams([
    ...conditions(query),
    ['order', 'desc'],
    ['limit', String(limit)],
    ...(before === undefined ? [] : [['before', String(before)] satisfies [string, string]]),
  ]);
}

/** Writes a search as part of a link: `trail=search&trail.action=user_*`; '' for none. */
export function writeTrailLink(query: TrailQuery | undefined): string {
  return query ? new URLSearchParams([[OPEN, 'search'], ...conditions(query, `${OPEN}.`)]).toString() : '';
}

/** @returns the search of a link; `undefined` when it has none */
export function readTrailLink(hash: string): TrailQuery | undefined {
  const link = new URLSearchParams(hash.replace(/^#/, ''));
  if (!link.has(OPEN)) return undefined;
  const read = (name: string): string => (link.get(`${OPEN}.${name}`) ?? '').slice(0, LONGEST_TEXT);
  return Object.fromEntries(NAMES.map((name) => [name, read(name)])) as unknown as TrailQuery;
}

/** What the trail can be asked by a value of a record; `undefined` for what only a search for text finds. */
export function conditionOf(path: ValuePath, value: Scalar): Partial<TrailQuery> | undefined {
  const text = String(value);
  const place = path.join('.');
  if (text === '') return undefined;
  if (place === 'action') return { action: text };
  if (place === 'outcome') return { outcome: text };
  if (place === 'actor.id') return { actor: text };
  if (/^targets\.\d+\.id$/.test(place)) return { target: text };
  return undefined;
}

/** The search in the trail that comes closest to a filter of what is in memory. */
export function queryOfFilter({ search, action, fields }: PanelFilter): TrailQuery {
  const typed = action.trim();
  // Several, or one that must not be, cannot be asked for; nor can what stands in the middle of a name.
  const prefix = /^[^*,-][^*,]*\*?$/.test(typed) ? typed.replace(/\*?$/, '*') : '';
  const wanted = fields.filter(({ exclude }: FieldCondition) => !exclude);
  return {
    ...ANY_ENTRY,
    text: search.trim(),
    action: prefix,
    ...Object.assign({}, ...wanted.map(({ path, value }) => conditionOf(path, value))),
  };
}
