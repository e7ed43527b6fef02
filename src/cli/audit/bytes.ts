import { InvalidArgumentError } from 'commander';
import { BAD_BYTES } from './audit.messages.js';

const UNITS: Readonly<Record<string, number>> = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** Reads `500000000` or `500MiB`. @throws InvalidArgumentError */
export function parseBytes(text: string): number {
  const [, number, unit = ''] = /^(\d+) ?(KiB|MiB|GiB)?$/.exec(text) ?? [];
  const bytes = number === undefined ? Number.NaN : Number(number) * UNITS[unit]!;
  if (!Number.isSafeInteger(bytes)) throw new InvalidArgumentError(BAD_BYTES);
  return bytes;
}
