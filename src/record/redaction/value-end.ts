import { ALPHANUMERIC, CharacterClass } from './character-class.js';

/** A quote that opens a value, with the backslashes in front of it where the text is a part of another. */
export const QUOTE = /^\\{0,7}["'`]/;

const END_OF_WORD = new CharacterClass(' \t\r\n&;"\'`<>|');
const LINE_END = new CharacterClass('\r\n');
const CLOSING = new CharacterClass(')]}>,.:!?');
const BACKSLASH = '\\'.charCodeAt(0);
const COOKIE_NAME = new CharacterClass(`${ALPHANUMERIC}-_.`);
const COMMA = ','.charCodeAt(0);

/** The quote that closes what `opening` opened; the end of the text when there is none: better too much than a part. */
export function endOfQuoted(text: string, start: number, opening: string): number {
  const depth = opening.length - 1;
  const quote = opening[depth]!;
  for (let at = text.indexOf(quote, start); at >= 0; at = text.indexOf(quote, at + 1)) {
    let backslashes = 0;
    while (at - backslashes > start && text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
    const closes = depth === 0 ? backslashes % 2 === 0 : backslashes <= depth;
    if (closes) return at - (depth === 0 ? 0 : backslashes);
  }
  return text.length;
}

/** The end of an object, a list or a call that begins here, the brackets within texts aside. */
export function endOfStructure(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at]!;
    if ('{[('.includes(character)) depth += 1;
    else if ('}])'.includes(character)) {
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (character === '"') at = endOfQuoted(text, at + 1, character);
  }
  return text.length;
}

/** Where a value that stands there without quotes ends. A comma ends it only where something else follows. */
export function endOfWord(text: string, start: number): number {
  // As other languages print what may be missing: `password: Some("…")`.
  const call = /^\w{1,24}(?=[({[])/.exec(text.slice(start, start + 25));
  if (call) return endOfStructure(text, start + call[0].length);
  let end = start;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (END_OF_WORD.has(code) || (code === BACKSLASH && isEscapedEnd(text, end))) break;
    if (code === COMMA && /^,(?:[\s"'{}[\]]|$|[\w.-]{1,64}[=:])/.test(text.slice(end, end + 67))) break;
  }
  while (end > start && CLOSING.has(text.charCodeAt(end - 1))) end -= 1;
  return end;
}

/** The same for a value of this name: that of a cookie goes on behind a semicolon. */
export function endOfWords(text: string, start: number, name: string): number {
  let end = endOfWord(text, start);
  if (!/cookie/i.test(name)) return end;
  for (;;) {
    const more = /^; ?[\w.-]{1,64}=/.exec(text.slice(end, end + 67));
    if (!more) return end;
    end = endOfWord(text, end + more[0].length);
  }
}

/** A header's value: a cookie to the end of the line, what has a scheme to the end of its one token if it has one. */
export function endOfHeader(text: string, start: number, name: string): number {
  if (/cookie/i.test(name)) {
    const isPair = text[COOKIE_NAME.endOf(text, start)] === '=';
    return isPair ? endOfLine(text, start) : endOfWord(text, start);
  }
  const scheme = /^(?:basic|bearer)[ \t]{1,4}/i.exec(text.slice(start, start + 10));
  return scheme ? endOfWord(text, start + scheme[0].length) : endOfLine(text, start);
}

export function endOfLine(text: string, start: number): number {
  let end = start;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (LINE_END.has(code) || (code === BACKSLASH && isEscapedEnd(text, end))) break;
  }
  return end;
}

/** The end of a line, or of a text, in a text that was written as JSON. */
function isEscapedEnd(text: string, at: number): boolean {
  return /^\\{1,4}(?:[nr]|["'])/.test(text.slice(at, at + 5));
}
