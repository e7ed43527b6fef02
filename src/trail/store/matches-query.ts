import { LOG_LEVELS, type LogLevel } from '../../wire/level.js';
import { compileGlob } from '../../wire/filter/glob.js';
import { containedText } from './contained-text.js';
import { type TrailEntry } from './trail-entry.js';
import { type ResolvedQuery } from './trail-query.js';

type EntryTest = (entry: TrailEntry) => boolean;

/** The conditions of a query as one test of an entry; all but its positions, which say where to look. */
export function matchesQuery(query: ResolvedQuery): EntryTest {
  const { kinds, id, action, actor, target, outcome, level, logger, from, to, text } = query;
  const tests: EntryTest[] = [];
  if (kinds) tests.push(({ kind }) => kinds.includes(kind));
  if (id !== undefined) tests.push(({ data }) => data.id === id);
  if (action !== undefined) tests.push(textTest('action', actionTest(action)));
  if (actor !== undefined) tests.push(({ data }) => idOf(data.actor) === actor);
  if (target !== undefined) tests.push(({ data }) => hasId(data.targets, target));
  if (outcome !== undefined) tests.push(({ data }) => data.outcome === outcome);
  if (level) tests.push(levelTest(level));
  if (logger !== undefined) tests.push(textTest('logger', compileGlob(logger)));
  if (from !== undefined) tests.push(({ data }) => String(data.timestamp) >= from);
  if (to !== undefined) tests.push(({ data }) => String(data.timestamp) < to);
  const contains = containedText(text);
  if (contains) tests.push(({ payload }) => contains(payload));
  return (entry) => tests.every((test) => test(entry));
}

/** Only at its end does `*` mean something. */
function actionTest(action: string): (text: string) => boolean {
  const prefix = action.slice(0, -1);
  return action.endsWith('*') ? (text) => text.startsWith(prefix) : (text) => text === action;
}

function textTest(field: 'action' | 'logger', matches: (text: string) => boolean): EntryTest {
  return ({ data }) => {
    const text = data[field];
    return typeof text === 'string' && matches(text);
  };
}

function levelTest(level: LogLevel): EntryTest {
  const levels = new Set<unknown>(LOG_LEVELS.slice(LOG_LEVELS.indexOf(level)));
  return ({ data }) => levels.has(data.level);
}

function hasId(targets: unknown, id: string): boolean {
  return Array.isArray(targets) && targets.some((target) => idOf(target) === id);
}

/** As text, which is how the file compares it. */
function idOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value) || value.id === null) return undefined;
  return String(value.id);
}
