import { ALPHANUMERIC, CharacterClass, LOWER_CASE } from './character-class.js';
import { isSaidOfSecret } from './value-words.js';
import { type Finder, type Span, falseAlarm, secret } from './span.js';

/** Characters of a token (RFC 6750), and `:` for those that come as `id:secret`. */
const TOKEN = new CharacterClass(`${ALPHANUMERIC}-._~+/=:`);
const SPACE = new CharacterClass(' \t');

const SHORTEST_TOKEN = 6;
/** English has few words as long as this. */
const LONGEST_WORD = 20;
/** How far in front of the scheme the name of the header may begin. */
const HEADER = 32;

/** What follows the scheme `Bearer` or `Basic` of an HTTP header (RFC 7617, RFC 6750), in a header or alone. */
export const httpCredentials: Finder = (text, at, isCut) => {
  const isBasic = (text.charCodeAt(at + 1) | 0x20) === 0x61;
  const space = at + (isBasic ? 'basic' : 'bearer').length;
  const start = SPACE.endOf(text, space);
  const end = TOKEN.endOf(text, start);
  if (start === space || end === start) return falseAlarm(at, start);
  if (isCut && end === text.length) return secret(start, end);
  if (
    isHeader(text, at) ||
    (!isBasic && at === 0 && end === text.length && !isSaidOfSecret(text.slice(start, end), true))
  ) {
    return secret(start, end);
  }
  const token = {
    start,
    end,
    isSecret: isBasic ? isUserAndPassword(text, start, end) : isToken(text, start, end),
  };
  // Its end may be the next scheme: "Bearer Bearer abc".
  return token.isSecret ? withoutFullStop(text, token) : falseAlarm(at, start);
};

function isHeader(text: string, at: number): boolean {
  return /authorization["'\]]{0,4}[:=,\s]{1,8}["'[]{0,4}$/i.test(text.slice(Math.max(0, at - HEADER), at));
}

/** Tells a token from the next word of a sentence, as in "Basic plan" and "bearer authentication failed". */
function isToken(text: string, start: number, end: number): boolean {
  return end - start >= SHORTEST_TOKEN && !isWord(text, start, end);
}

function isWord(text: string, start: number, end: number): boolean {
  if (end - start > LONGEST_WORD) return false;
  const last = LOWER_CASE.endOf(text, start + 1, end);
  return last === end || (last === end - 1 && '.:'.includes(text[last]!));
}

function isUserAndPassword(text: string, start: number, end: number): boolean {
  return !isWord(text, start, end) && Buffer.from(text.slice(start, end), 'base64').includes(':');
}

function withoutFullStop(text: string, { start, end, isSecret }: Span): Span {
  return { start, end: text[end - 1] === '.' ? end - 1 : end, isSecret };
}
