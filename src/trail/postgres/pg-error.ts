import { TrailError, type TrailErrorCode } from '../store/trail-error.js';
import { REFUSED } from './functions.js';
import { cannotUse } from './postgres.messages.js';

/** By SQLSTATE (PostgreSQL, appendix A), whole or by its class. */
const CODES: Readonly<Record<string, TrailErrorCode>> = {
  '53100': 'full',
  '25006': 'read_only',
  '42501': 'read_only',
  '3F000': 'not_a_trail',
  '42P01': 'not_a_trail',
  '42883': 'not_a_trail',
  '55P03': 'busy',
  '57014': 'busy',
  '53300': 'busy',
  '40001': 'busy',
  '40P01': 'busy',
  [REFUSED.isolation]: 'unsupported',
  [REFUSED.key]: 'key',
  [REFUSED.checkpoint]: 'corrupt',
  [REFUSED.prune]: 'broken',
};

/** What an error of PostgreSQL, of its driver or of the network means for the trail. */
export function trailErrorOf(error: unknown, name: string, schema: string): TrailError {
  if (error instanceof TrailError) return error;
  const state = (error as { code?: unknown } | undefined)?.code;
  // Everything else, as a connection that was cut, passes.
  const code = (typeof state === 'string' && CODES[state]) || 'io';
  return new TrailError(code, cannotUse(name, schema, code, error), { cause: error });
}
