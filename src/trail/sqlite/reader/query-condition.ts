import { LOG_LEVELS, type LogLevel } from '../../../wire/level.js';
import { type Condition } from './action-pattern.js';
import { type ResolvedQuery } from '../../store/trail-query.js';

/**
 * The conditions of a query that SQLite answers: all but its positions and its text. A column with a partial index
 * comes with the condition of that index, word for word: else SQLite does not use it.
 *
 * @param action what the `action` of the query stands for
 */
export function queryCondition(query: ResolvedQuery, action: Condition | undefined): Condition {
  const { kinds, id, actor, target, outcome, level, logger, from, to } = query;
  const conditions = [
    kinds && ofKind(kinds),
    id !== undefined && { sql: 'id = ?', values: [id] },
    action,
    actor !== undefined && { sql: 'actor IS NOT NULL AND actor = ?', values: [actor] },
    target !== undefined && { sql: 'seq IN (SELECT seq FROM targets WHERE target = ?)', values: [target] },
    outcome !== undefined && ofOutcome(outcome),
    level && fromLevel(level),
    logger !== undefined && { sql: 'logger GLOB ?', values: [globOf(logger)] },
    from !== undefined && { sql: 'time >= ?', values: [from] },
    to !== undefined && { sql: 'time < ?', values: [to] },
  ].filter((condition): condition is Condition => Boolean(condition));
  return {
    sql: conditions.map(({ sql }) => ` AND ${sql}`).join(''),
    values: conditions.flatMap(({ values }) => values),
  };
}

function ofKind(kinds: readonly string[]): Condition {
  const isRare = !kinds.includes('record');
  return { sql: `${isRare ? "kind <> 'record' AND " : ''}kind IN (${marks(kinds)})`, values: kinds };
}

function ofOutcome(outcome: string): Condition {
  return { sql: `${outcome === 'success' ? '' : "outcome <> 'success' AND "}outcome = ?`, values: [outcome] };
}

function fromLevel(level: LogLevel): Condition {
  const levels = LOG_LEVELS.slice(LOG_LEVELS.indexOf(level));
  const isRare = !levels.includes('INFO');
  return {
    sql: `${isRare ? "level NOT IN ('DEBUG', 'INFO') AND " : ''}level IN (${marks(levels)})`,
    values: levels,
  };
}

/** Only `*` is special to us; SQLite's GLOB knows `?` and `[...]` as well. */
function globOf(pattern: string): string {
  return pattern.replace(/[?[]/g, '[$&]');
}

function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}
