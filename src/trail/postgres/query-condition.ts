import { LOG_LEVELS } from '../../wire/level.js';
import { type ResolvedQuery } from '../store/trail-query.js';
import { searchable } from './found-by.js';

/** The highest code point: no action that begins with a prefix sorts behind the prefix and it. */
const LAST = '\u{10ffff}';

/** Conditions of a statement, and the values of its parameters, which are counted from 1. */
export class Conditions {
  readonly values: unknown[] = [];
  private readonly parts: string[] = [];

  /** @param sql with a `?` for each value */
  add(sql: string, ...values: readonly unknown[]): void {
    let place = this.values.length;
    this.values.push(...values);
    this.parts.push(sql.replaceAll('?', () => `$${(place += 1)}`));
  }

  get sql(): string {
    return this.parts.join(' AND ');
  }
}

/** All conditions of a query but its positions and its text. */
export function addConditions(conditions: Conditions, query: ResolvedQuery): void {
  const { kinds, id, action, actor, target, outcome, level, logger, from, to } = query;
  if (kinds) {
    const isRare = !kinds.includes('record');
    conditions.add(`${isRare ? `e.kind <> 'record' AND ` : ''}e.kind = ANY (?)`, [...kinds]);
  }
  if (id !== undefined) conditions.add('e.id = ?', searchable(id));
  if (action?.endsWith('*')) {
    const prefix = searchable(action.slice(0, -1));
    conditions.add('e.action >= ? AND e.action < ?', prefix, prefix + LAST);
  } else if (action !== undefined) conditions.add('e.action = ?', searchable(action));
  if (actor !== undefined) conditions.add('e.actor = ?', searchable(actor));
  if (target !== undefined) conditions.add('e.targets @> ARRAY[?]::text[]', searchable(target));
  if (outcome !== undefined)
    conditions.add(
      `${outcome === 'success' ? '' : `e.outcome <> 'success' AND `}e.outcome = ?`,
      searchable(outcome),
    );
  if (level) conditions.add('e.level = ANY (?)', LOG_LEVELS.slice(LOG_LEVELS.indexOf(level)));
  if (logger !== undefined)
    conditions.add(String.raw`e.logger LIKE ? ESCAPE '\'`, likeOf(searchable(logger)));
  if (from !== undefined) conditions.add('e.time >= ?', from);
  if (to !== undefined) conditions.add('e.time < ?', to);
}

/** Only `*` is special to us. */
function likeOf(glob: string): string {
  return glob.replace(/[\\%_]/g, String.raw`\$&`).replaceAll('*', '%');
}
