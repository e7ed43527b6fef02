import { ALPHANUMERIC, CharacterClass } from './character-class.js';
import { type Finder, falseAlarm, secret } from './span.js';

const TOKEN = new CharacterClass(`${ALPHANUMERIC}-_.`);
const DOT = '.'.charCodeAt(0);

/** `{"` in base64url: how the header of every token begins, and the payload of a signed one. */
const OBJECT = 'eyJ';

/** JSON web tokens (RFC 7519), signed, encrypted or without their signature. */
export const jsonWebToken: Finder = (text, at, isCut) => {
  let end = TOKEN.endOf(text, at);
  if (isCut && end === text.length) return secret(at, end);
  const dot = text.slice(at, end).indexOf('.') + at;
  // No other place in the same run can do better: behind each there are as many dots or fewer.
  if (dot < at || !(text.startsWith(OBJECT, dot + 1) || hasDot(text, dot + 1, end)))
    return falseAlarm(at, end);
  while (text.charCodeAt(end - 1) === DOT) end -= 1;
  return secret(at, end);
};

function hasDot(text: string, start: number, end: number): boolean {
  return text.slice(start, end).includes('.');
}
