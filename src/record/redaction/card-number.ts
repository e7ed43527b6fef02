import { DIGIT, WORD } from './character-class.js';
import { type Finder, type Span, falseAlarm, secret } from './span.js';

const SPACE = ' '.charCodeAt(0);
const DASH = '-'.charCodeAt(0);
const DOT = '.'.charCodeAt(0);
const ZERO = '0'.charCodeAt(0);

const SHORTEST = 13;
const LONGEST = 19;

/** Digits as cards show them begin with four; a later group has no more than six (American Express, Diners Club). */
const FIRST_GROUP = 4;
const LONGEST_GROUP = 6;

/**
 * Card numbers of 13 to 19 digits, in one piece or in groups with a space or a dash between them.
 *
 * Luhn's check alone would hide every tenth id and time of such a length: a number must also begin and be as
 * long as those that the card networks issue. Digits that are part of something longer (a hash, a UUID, a
 * decimal fraction) are none.
 */
export const cardNumber: Finder = (text, at) => {
  let start = at;
  for (;;) {
    const end = DIGIT.endOf(text, start);
    const found = beginsInside(text, start) ? undefined : cardFrom(text, start, end);
    if (found) return found;
    const next = isSeparator(text.charCodeAt(end)) ? end + 1 : end;
    if (next === end || !DIGIT.has(text.charCodeAt(next))) return falseAlarm(at, end);
    start = next;
  }
};

/** Whether a number is the digits of a card. One too large to be exact cannot be. */
export function isCardNumber(value: number): boolean {
  if (!Number.isSafeInteger(value)) return false;
  const digits = String(value);
  return digits.length >= SHORTEST && digits.length <= LONGEST && isCard([...digits].map(Number));
}

function cardFrom(text: string, start: number, firstEnd: number): Span | undefined {
  const digits: number[] = [];
  let [from, end] = [start, firstEnd];
  let found: Span | undefined;
  while (digits.length + end - from <= LONGEST) {
    for (let index = from; index < end; index++) digits.push(text.charCodeAt(index) - ZERO);
    // The longest that is one: what follows a number may be part of it.
    if (digits.length >= SHORTEST && !goesOn(text, end) && isCard(digits)) found = secret(start, end);
    if (firstEnd - start !== FIRST_GROUP || !isSeparator(text.charCodeAt(end))) break;
    from = end + 1;
    end = DIGIT.endOf(text, from, from + LONGEST_GROUP + 1);
    if (end === from || end - from > LONGEST_GROUP) break;
  }
  return found;
}

function isSeparator(code: number): boolean {
  return code === SPACE || code === DASH;
}

function beginsInside(text: string, start: number): boolean {
  const before = text.charCodeAt(start - 1);
  return WORD.has(before) || (before === DOT && DIGIT.has(text.charCodeAt(start - 2)));
}

function goesOn(text: string, end: number): boolean {
  const after = text.charCodeAt(end);
  return WORD.has(after) || (after === DOT && DIGIT.has(text.charCodeAt(end + 1)));
}

function isCard(digits: readonly number[]): boolean {
  return isIssued(digits) && passesLuhn(digits);
}

/** Beginnings and lengths of the networks' numbers (ISO/IEC 7812). */
function isIssued(digits: readonly number[]): boolean {
  const { length } = digits;
  const six = digits.slice(0, 6).reduce((number, digit) => number * 10 + digit, 0);
  const begins = (from: number, to = from): boolean => {
    const scale = 10 ** (6 - String(from).length);
    return six >= from * scale && six < (to + 1) * scale;
  };
  if (begins(4)) return length === 13 || length === 16 || length === 19; // Visa
  if (begins(51, 55) || begins(2221, 2720)) return length === 16; // Mastercard
  if (begins(34) || begins(37)) return length === 15; // American Express
  if (begins(300, 305) || begins(3095) || begins(36) || begins(38, 39)) return length >= 14; // Diners Club
  if (begins(3528, 3589) || begins(2200, 2204)) return length >= 16; // JCB, Mir
  if (begins(50) || begins(56, 58)) return true; // Maestro
  return begins(60, 69) && (length >= 16 || begins(63) || begins(67)); // Discover, UnionPay, RuPay, Maestro
}

/** The check digit of ISO/IEC 7812-1. */
function passesLuhn(digits: readonly number[]): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = digits[digits.length - 1 - index]!;
    const doubled = index % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
