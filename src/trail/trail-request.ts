import { type IncomingMessage } from 'node:http';
import { ClientError } from '../wire/client-error.js';
import { TrailError } from './store/trail-error.js';
import { resolveQuery, type TrailQuery } from './store/trail-query.js';

const NUMBERS = ['after', 'before', 'limit'] as const;
const TEXTS = ['order', 'id', 'action', 'actor', 'target', 'outcome', 'level', 'logger', 'text'] as const;
const TIMES = ['from', 'to'] as const;

/**
 * Reads `?action=user_*&actor=ann&outcome=failure&from=2026-01-01&text=role&order=desc&limit=100&before=4711`.
 * Parameters that are not ours are left to others.
 *
 * @throws ClientError that names the parameter
 */
export function parseTrailRequest({ url = '' }: IncomingMessage): TrailQuery {
  const given = new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?')) : '');
  const query: Record<string, unknown> = {};
  for (const name of NUMBERS) if (given.has(name)) query[name] = numberOf(given.get(name)!);
  for (const name of TEXTS) if (given.has(name)) query[name] = given.get(name);
  for (const name of TIMES) if (given.has(name)) query[name] = timeOf(given.get(name)!);
  if (given.has('kinds')) query['kinds'] = given.getAll('kinds').flatMap((kinds) => kinds.split(','));
  try {
    resolveQuery(query);
  } catch (error) {
    if (error instanceof TrailError) throw new ClientError('invalid_query', error.message);
    throw error;
  }
  return query;
}

function numberOf(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}

/** Milliseconds are a number in a URL, too. */
function timeOf(text: string): string | number {
  return /^\d{1,15}$/.test(text) ? Number(text) : text;
}
