import { CharacterClass, DIGIT, WORD } from './character-class.js';
import { type Detector, falseAlarm, NOWHERE, secret, type Span } from './span.js';

const SPACE = ' '.charCodeAt(0);
const DASH = '-'.charCodeAt(0);
const DOT = '.'.charCodeAt(0);
const ZERO = '0'.charCodeAt(0);

const SHORTEST = 13;
const LONGEST = 19;

/** Digits as cards show them begin with four; a later group has no more than six (American Express, Diners Club). */
const FIRST_GROUP = 4;
const LONGEST_GROUP = 6;

const DIGIT_OR_SEPARATOR = new CharacterClass('0123456789 -');

/** No network's numbers begin with another. */
const FIRST_DIGIT = new CharacterClass('23456');

/**
 * Card numbers of 13 to 19 digits, in one piece or in groups with a space or a dash between them.
 *
 * Luhn's check alone would hide every tenth id and time of such a length: a number must also begin and be as
 * long as those that the card networks issue. Digits that are part of something longer (a hash, a UUID, a
 * decimal fraction) are none.
 */
export class CardNumbers implements Detector {
  /** The first digit of a stretch that has enough of them, found by looking at every thirteenth character only. */
  next(text: string, from: number): number {
    let at = from + SHORTEST - 1;
    while (at < text.length) {
      let start = at + 1;
      while (start > at + 1 - SHORTEST && DIGIT_OR_SEPARATOR.has(text.charCodeAt(start - 1))) start -= 1;
      if (start > at + 1 - SHORTEST) {
        // What stands in front of it cannot be part of one.
        at = start - 1 + SHORTEST;
        continue;
      }
      const first = DIGIT.next(text, start);
      const end = endOfDigits(text, first);
      if (end < 0) return first;
      at = end + SHORTEST - 1;
    }
    return NOWHERE;
  }

  find(text: string, at: number): Span {
    let start = at;
    for (;;) {
      const end = DIGIT.endOf(text, start);
      const cardEnd = beginsInside(text, start) ? -1 : endOfCard(text, start, end);
      if (cardEnd > 0) return secret(start, cardEnd);
      const next = isSeparator(text.charCodeAt(end)) ? end + 1 : end;
      if (next === end || !DIGIT.has(text.charCodeAt(next))) return falseAlarm(at, end);
      start = next;
    }
  }
}

/** Whether a number is the digits of a card. One too large to be exact cannot be. */
export function isCardNumber(value: number): boolean {
  if (!Number.isSafeInteger(value)) return false;
  const digits = String(value);
  return digits.length >= SHORTEST && digits.length <= LONGEST && isCard(digits);
}

/** Where digits with single separators end before they are enough; -1 when they are. */
function endOfDigits(text: string, first: number): number {
  let digits = 0;
  for (let at = first; ; at++) {
    const code = text.charCodeAt(at);
    if (DIGIT.has(code)) digits += 1;
    else if (!isSeparator(code) || isSeparator(text.charCodeAt(at - 1))) return at;
    if (digits === SHORTEST) return -1;
  }
}

/** @returns the end of the longest number that is one, as what follows may be part of it; -1 when there is none */
function endOfCard(text: string, start: number, firstEnd: number): number {
  if (!FIRST_DIGIT.has(text.charCodeAt(start))) return -1;
  if (firstEnd - start !== FIRST_GROUP) {
    const length = firstEnd - start;
    const fits = length >= SHORTEST && length <= LONGEST && !goesOn(text, firstEnd);
    return fits && isCard(text.slice(start, firstEnd)) ? firstEnd : -1;
  }
  let digits = text.slice(start, firstEnd);
  let [end, found] = [firstEnd, -1];
  while (isSeparator(text.charCodeAt(end))) {
    const from = end + 1;
    end = DIGIT.endOf(text, from, from + LONGEST_GROUP + 1);
    if (end === from || end - from > LONGEST_GROUP || digits.length + end - from > LONGEST) break;
    digits += text.slice(from, end);
    if (digits.length >= SHORTEST && !goesOn(text, end) && isCard(digits)) found = end;
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

function isCard(digits: string): boolean {
  // The cheapest first: nine of ten numbers end here.
  return passesLuhn(digits) && isIssued(digits) && !isArticle(digits);
}

/**
 * Beginnings and lengths of the networks' numbers (ISO/IEC 7812). Lengths of 17 and 18 digits are left out, and of 19 all
 * but UnionPay's: hardly a card has one, and a snowflake (Discord, X, TikTok) as often as not.
 */
function isIssued(digits: string): boolean {
  const { length } = digits;
  const six = Number(digits.slice(0, 6));
  const begins = (from: number, to = from): boolean => {
    const scale = 10 ** (6 - String(from).length);
    return six >= from * scale && six < (to + 1) * scale;
  };
  switch (length) {
    case 13:
      return begins(4); // Visa, long ago
    case 14:
      return begins(300, 305) || begins(3095) || begins(36) || begins(38, 39); // Diners Club
    case 15:
      return begins(34) || begins(37); // American Express
    case 16:
      return (
        begins(4) || // Visa
        begins(51, 55) || // Mastercard
        begins(2221, 2720) ||
        begins(36) || // Diners Club
        begins(38, 39) ||
        begins(3528, 3589) || // JCB
        begins(2200, 2204) || // Mir
        begins(50) || // Maestro
        begins(56, 58) ||
        begins(60, 69) // Discover, UnionPay, RuPay, Maestro
      );
    case 19:
      return begins(62); // UnionPay
    default:
      return false;
  }
}

/** The check digit of ISO/IEC 7812-1. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - ZERO;
    const doubled = index % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Numbers of articles (GTIN-13, once EAN, and GTIN-14) are as long as old cards, and have a check digit of their own. */
function isArticle(digits: string): boolean {
  if (digits.length > 14) return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    sum += (digits.charCodeAt(digits.length - 1 - index) - ZERO) * (index % 2 === 0 ? 1 : 3);
  }
  return sum % 10 === 0;
}
