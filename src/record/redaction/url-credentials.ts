import { CharacterClass } from './character-class.js';
import { type Detector, falseAlarm, NOWHERE, secret, type Span } from './span.js';

const SCHEME_END = '://';

const AT = '@'.charCodeAt(0);
const COLON = ':'.charCodeAt(0);

/** A user name without a password this long is a token, as in `https://<token>@github.com`. */
const SHORTEST_TOKEN = 16;

/** Quotes other than `"` may be part of a password. */
const ENDS = ' \t\r\n"<>`';
const END_OF_WORD = new CharacterClass(ENDS);
const END_OF_AUTHORITY = new CharacterClass(`${ENDS}/?#\\`);

/** User and password of a URL: all between the scheme and the `@`. */
export class UrlCredentials implements Detector {
  next(text: string, from: number): number {
    const at = text.indexOf(SCHEME_END, from);
    return at < 0 ? NOWHERE : at;
  }

  find(text: string, at: number, isCut: boolean): Span {
    const start = at + SCHEME_END.length;
    const authorityEnd = END_OF_AUTHORITY.next(text, start);
    if (isCut && authorityEnd === text.length) return secret(start, authorityEnd);
    const authority = text.slice(start, authorityEnd);
    const separator = authority.lastIndexOf('@');
    if (separator >= 0) {
      const user = authority.slice(0, separator);
      const isSecret = user.includes(':') || user.length >= SHORTEST_TOKEN;
      return { start, end: start + separator, isSecret };
    }
    const password = authority.indexOf(':');
    if (password >= 0 && !isPort(authority.slice(password + 1))) {
      // No port: a password with a slash, a question mark or a number sign in it, written down as it is.
      const raw = lastAtSign(text, authorityEnd);
      if (raw >= 0) return secret(start, raw);
    }
    return falseAlarm(start, authorityEnd);
  }
}

/** The last `@` of the word, up to the next URL: that one is read on its own. */
function lastAtSign(text: string, start: number): number {
  let found = -1;
  for (let end = start; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (END_OF_WORD.has(code) || (code === COLON && text.startsWith(SCHEME_END, end))) break;
    if (code === AT) found = end;
  }
  return found;
}

function isPort(text: string): boolean {
  return /^\d{0,5}\W*$/.test(text.slice(0, 16));
}
