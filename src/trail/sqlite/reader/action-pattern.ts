import { type DatabaseSync } from 'node:sqlite';

/** A condition in SQL, with the values for its question marks. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** More actions that begin alike are not looked for one by one. */
const ACTIONS = 200;

/** The highest code point: no action that begins with a prefix sorts behind the prefix and it. */
const LAST = '\u{10ffff}';

/** An action, or with `*` at its end the beginning of one; in a form for which the index on actions serves. */
export function actionCondition(db: DatabaseSync, action: string): Condition {
  if (!action.endsWith('*')) return { sql: 'action IS NOT NULL AND action = ?', values: [action] };
  const prefix = action.slice(0, -1);
  const actions = actionsWith(db, prefix);
  if (!actions) {
    return { sql: 'action IS NOT NULL AND action >= ? AND action < ?', values: [prefix, prefix + LAST] };
  }
  return { sql: `action IS NOT NULL AND action IN (${actions.map(() => '?').join(', ')})`, values: actions };
}

/** Of each of a few actions the index has the entries in order; those of a range would have to be sorted. */
function actionsWith(db: DatabaseSync, prefix: string): string[] | undefined {
  const following = db.prepare(firstAction('>'));
  const found: string[] = [];
  let action = db.prepare(firstAction('>=')).get(prefix, prefix + LAST)?.action;
  while (typeof action === 'string') {
    if (found.length === ACTIONS) return undefined;
    found.push(action);
    action = following.get(action, prefix + LAST)?.action;
  }
  return found;
}

function firstAction(from: '>=' | '>'): string {
  return `SELECT min(action) AS action FROM entries WHERE action IS NOT NULL AND action ${from} ? AND action < ?`;
}
