import { ALPHANUMERIC, CharacterClass, DIGIT } from './character-class.js';
import { type Replacement } from './replacement.js';
import { type SecretKeys, type SecretRule } from './secret-keys.js';
import { type Detector, falseAlarm, NOWHERE, secret, type Span } from './span.js';
import { endOfHeader, endOfQuoted, endOfStructure, endOfWord, endOfWords, QUOTE } from './value-end.js';
import { isProse, isSaidOfSecret, LOOKED_AT, schemeLength } from './value-words.js';

const LETTER = new CharacterClass('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ');
const NAME = new CharacterClass(`${ALPHANUMERIC}_-.$`);
/** What may stand between a name and what says that its value follows: `"name"`, `user[name]`, `(name)=(value)`. */
const BEHIND_NAME = new CharacterClass('"\'`\\])[ \t');
/** The same in front of the value: `==`, `=>`, `:=`. */
const BEFORE_VALUE = new CharacterClass('=> \t');
const MOST_BETWEEN = 6;

const LONGEST_NAME = 64;
/** Names of texts that are remembered; more, or longer ones, are no names of a program's own. */
const REMEMBERED = 1_000;

const HEADER = /cookie|authorization/i;
/** Names that in a list of texts are headers' rather than words: `['Cookie', 'sid=…']`. */
const LISTED = /cookie|authorization|^x-|api-key/i;

const NOT_SECRET: SecretRule = () => false;

interface Named {
  readonly name: string;
  readonly rule: SecretRule;
  /** What closes the name: `"`, with the backslashes in front of it where the JSON is a text itself. */
  readonly quote: string;
}

/** Secrets that stand behind their names in a text: `password=…`, `Cookie: …`, `"token":"…"`, `<pin>…`, `--token …`. */
export class NamedValues {
  private readonly known = new Map<string, SecretRule>();

  constructor(
    private readonly keys: SecretKeys,
    private readonly replacement: Replacement,
  ) {}

  /** One for each character that says that a value follows, so that each is looked for once. */
  detectors(): Detector[] {
    const value = (text: string, at: number): Span => this.valueAt(text, at);
    return [
      this.detector(':', value),
      this.detector('=', value),
      this.detector(',', (text, at) => this.listedAt(text, at)),
      this.detector('<', (text, at) => this.elementAt(text, at)),
      this.detector('--', (text, at) => this.flagAt(text, at)),
    ];
  }

  private detector(sign: string, look: (text: string, at: number) => Span): Detector {
    let found = falseAlarm(0, 0);
    return {
      // What names no secret is passed over here: a text may have thousands of colons.
      next: (text, from) => {
        for (let at = text.indexOf(sign, from); at >= 0; at = text.indexOf(sign, at + 1)) {
          found = look(text, at);
          if (found.isSecret) return at;
        }
        return NOWHERE;
      },
      find: () => found,
    };
  }

  private valueAt(text: string, at: number): Span {
    const named = this.namedBefore(text, at);
    if (!named) return falseAlarm(at, at);
    const { name, rule, quote } = named;
    const isColon = text[at] === ':';
    const isHeader = isColon && HEADER.test(name);
    const start = BEFORE_VALUE.endOf(text, at + 1, at + 1 + MOST_BETWEEN);
    if (start === text.length) return falseAlarm(at, start);
    const beginning = text.slice(start, start + LOOKED_AT);
    const quoted = QUOTE.exec(beginning)?.[0];
    if (quoted !== undefined) {
      const value = start + quoted.length;
      return this.within(text, value, endOfQuoted(text, value, quoted), rule, isHeader);
    }
    if (this.replacement.endAt(text, start) > 0) return falseAlarm(at, start);
    if ('{[('.includes(text[start]!)) {
      // Asked before: looking for the end each time, of what then is no secret, would not be linear.
      return rule('{}') ? { ...secret(start, endOfStructure(text, start)), quote } : falseAlarm(at, start);
    }
    if (isHeader && schemeLength(beginning) > 0) {
      return this.within(text, start, endOfHeader(text, start, name), rule, true);
    }
    if (isSaidOfSecret(beginning, isColon)) return falseAlarm(at, start);
    if (isColon && !/pass|pwd/i.test(name) && isProse(beginning)) return falseAlarm(at, start);
    const end = isHeader ? endOfHeader(text, start, name) : endOfWords(text, start, name);
    return { ...this.within(text, start, end, rule, false), quote };
  }

  /** `'Cookie', 'sid=…'` */
  private listedAt(text: string, at: number): Span {
    if (!'"\''.includes(text[at - 1] ?? ' ')) return falseAlarm(at, at);
    const named = this.namedBefore(text, at);
    if (!named || !LISTED.test(named.name)) return falseAlarm(at, at);
    const start = BEFORE_VALUE.endOf(text, at + 1, at + 1 + MOST_BETWEEN);
    const quoted = QUOTE.exec(text.slice(start, start + 8))?.[0];
    if (quoted === undefined) return falseAlarm(at, start);
    const value = start + quoted.length;
    return this.within(text, value, endOfQuoted(text, value, quoted), named.rule, true);
  }

  /** `<password>…</password>` */
  private elementAt(text: string, at: number): Span {
    const end = NAME.endOf(text, at + 1, at + 1 + LONGEST_NAME);
    const rule = text[end] === '>' ? this.ruleOf(text.slice(at + 1, end)) : NOT_SECRET;
    if (rule === NOT_SECRET) return falseAlarm(at, at);
    const closing = text.indexOf('<', end);
    return this.within(text, end + 1, closing < 0 ? text.length : closing, rule, false);
  }

  /** `--password …` */
  private flagAt(text: string, at: number): Span {
    const start = at + 2;
    if (!LETTER.has(text.charCodeAt(start)) || NAME.has(text.charCodeAt(at - 1))) return falseAlarm(at, at);
    const end = NAME.endOf(text, start, start + LONGEST_NAME);
    if (text[end] !== ' ' || text[end + 1] === '-') return falseAlarm(at, at);
    const rule = this.ruleOf(text.slice(start, end));
    if (rule === NOT_SECRET || isSaidOfSecret(text.slice(end + 1, end + 1 + LOOKED_AT), true))
      return falseAlarm(at, at);
    const quoted = QUOTE.exec(text.slice(end + 1, end + 9))?.[0];
    const value = end + 1 + (quoted?.length ?? 0);
    const last = quoted === undefined ? endOfWord(text, value) : endOfQuoted(text, value, quoted);
    return this.within(text, value, last, rule, false);
  }

  /** The value, but for the scheme of a header. */
  private within(text: string, start: number, end: number, rule: SecretRule, hasScheme: boolean): Span {
    const secretStart = hasScheme
      ? Math.min(end, start + schemeLength(text.slice(start, start + LOOKED_AT)))
      : start;
    const value = text.slice(secretStart, end);
    const isHidden = this.replacement.isOne(value) || this.replacement.endAt(text, secretStart) >= end;
    const isSecret = value !== '' && !isHidden && rule(value);
    return isSecret ? secret(secretStart, end) : falseAlarm(start, start);
  }

  /** @returns `undefined` where what stands in front of the separator names no secret */
  private namedBefore(text: string, at: number): Named | undefined {
    if (text.startsWith('://', at)) return undefined;
    let end = at;
    while (end > 0 && at - end < MOST_BETWEEN && BEHIND_NAME.has(text.charCodeAt(end - 1))) end -= 1;
    let start = end;
    while (start > 0 && end - start <= LONGEST_NAME && NAME.has(text.charCodeAt(start - 1))) start -= 1;
    // No name begins with a digit, and a text is full of times.
    if (start === end || end - start > LONGEST_NAME || DIGIT.has(text.charCodeAt(start))) return undefined;
    // The end of a line as JSON writes it: `\nCookie: …`.
    if (text[start - 1] === '\\' && 'nrt'.includes(text[start]!)) start += 1;
    const name = text.slice(start, end);
    const rule = this.ruleOf(name);
    if (rule === NOT_SECRET) return undefined;
    const [quote = ''] = /^\\{0,3}"/.exec(text.slice(end, at)) ?? [];
    return { name, rule, quote };
  }

  private ruleOf(name: string): SecretRule {
    const known = this.known.get(name);
    if (known) return known;
    const found = this.lookUp(
      name
        .toLowerCase()
        .replace(/^[-$.]{1,2}/, '')
        .replace(/[-.]$/, ''),
    );
    if (this.known.size < REMEMBERED) this.known.set(name, found);
    return found;
  }

  /** A name may be the last of a path: `spring.datasource.password`. */
  private lookUp(lower: string): SecretRule {
    const rule = this.keys.ruleOf(lower);
    if (rule) return rule;
    const last = lower.slice(lower.lastIndexOf('.') + 1);
    return (last !== lower && this.keys.ruleOf(last)) || NOT_SECRET;
  }
}
