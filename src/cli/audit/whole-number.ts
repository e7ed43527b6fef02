import { InvalidArgumentError } from 'commander';
import { notANumber } from '../cli.messages.js';
import { tooMany } from './audit.messages.js';

/** Reads a whole number of at least and at most so much. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(number) || number < least) throw new InvalidArgumentError(notANumber(least));
    if (number > most) throw new InvalidArgumentError(tooMany(most));
    return number;
  };
}
