import { InvalidArgumentError } from 'commander';
import { BAD_SINCE } from '../cli.messages.js';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads `15m` or an ISO 8601 time.
 *
 * @returns milliseconds since the epoch
 * @throws InvalidArgumentError
 */
export function parseSince(text: string, now: number = Date.now()): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|[smhd])$/.exec(text) ?? [];
  if (number !== undefined) return now - Number(number) * UNITS[unit!]!;
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? new Date(text).getTime() : Number.NaN;
  if (Number.isNaN(time)) throw new InvalidArgumentError(BAD_SINCE);
  return time;
}
