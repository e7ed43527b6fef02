import { isLevel } from './level.js';
import { type FieldCondition, NO_FILTER, type PanelFilter } from './panel-filter.js';
import { MOST_MARKS } from './marks.js';
import { CATEGORIES, type Category } from './row.js';
import { isScalar } from './value-path.js';

export type Filters = Readonly<Record<Category, PanelFilter>>;

/** Longer texts are nobody's search; a link comes from anywhere. */
const LONGEST_TEXT = 1_000;
const MOST_FIELDS = 32;

/**
 * Writes the filters as the part of a link behind the `#`, which no server gets to see:
 * `audit.search=refused&audit.hide=DEBUG,INFO&system.is=["instance_id","abc"]`.
 */
export function writeFilters(filters: Filters): string {
  const query = new URLSearchParams();
  for (const category of CATEGORIES) {
    const { hidden, fields, marks, ...texts } = filters[category];
    for (const [name, text] of Object.entries(texts)) if (text !== '') query.set(`${category}.${name}`, text);
    if (hidden.length > 0) query.set(`${category}.hide`, hidden.join(','));
    for (const mark of marks) query.append(`${category}.mark`, mark);
    for (const { path, value, exclude } of fields) {
      query.append(`${category}.${exclude ? 'not' : 'is'}`, JSON.stringify([...path, value]));
    }
  }
  return query.toString();
}

/** Reads what {@link writeFilters} wrote. What makes no sense is left out: a link must never keep the page from opening. */
export function readFilters(hash: string): Filters {
  const query = new URLSearchParams(hash.replace(/^#/, ''));
  const read = (category: Category): PanelFilter => {
    const text = (name: string): string => (query.get(`${category}.${name}`) ?? '').slice(0, LONGEST_TEXT);
    return {
      ...NO_FILTER,
      search: text('search'),
      logger: text('logger'),
      action: text('action'),
      marks: query
        .getAll(`${category}.mark`)
        .map((mark) => mark.slice(0, LONGEST_TEXT))
        .slice(0, MOST_MARKS),
      hidden: text('hide').split(',').filter(isLevel),
      fields: [
        ...query.getAll(`${category}.is`).flatMap((json) => readField(json, false)),
        ...query.getAll(`${category}.not`).flatMap((json) => readField(json, true)),
      ].slice(0, MOST_FIELDS),
    };
  };
  return { system: read('system'), audit: read('audit') };
}

function readField(json: string, exclude: boolean): FieldCondition[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return [];
  }
  if (!Array.isArray(parsed) || parsed.length < 2) return [];
  const path: unknown[] = parsed.slice(0, -1);
  const value: unknown = parsed.at(-1);
  if (!isScalar(value) || !path.every((name) => typeof name === 'string')) return [];
  return [{ path: path as string[], value, exclude }];
}
