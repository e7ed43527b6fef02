import { nonCanonical as problems } from './evidence.messages.js';

/** Where a text stops being canonical JSON. */
export interface NonCanonical {
  /** Characters (UTF-16) before it. */
  readonly at: number;
  /** The value it stands in, as `$.data.targets[0].id`. */
  readonly path: string;
  /** What is wrong, as half a sentence. */
  readonly what: string;
}

/** More than any value has that can be written, and less than a stack holds. */
const DEEPEST = 2_000;

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;
/** Of a string, up to the next character that must be looked at. */
// eslint-disable-next-line no-control-regex
const PLAIN = /[^"\\\u0000-\u001f\ud800-\udfff]*/y;
const PAIR = /[\ud800-\udbff][\udc00-\udfff]/y;
/** As ECMAScript prints what must be escaped: the short form where there is one, else lower-case digits. */
const ESCAPE = /\\(?:["\\bfnrt]|u00(?:0[0-7be-f]|1[0-9a-f]))/y;

/**
 * Looks for the first place at which a text is not the canonical form (RFC 8785) of a JSON value: what other programs
 * would read in another way, or could print in another, so that its bytes prove nothing of its meaning.
 *
 * @returns `undefined` when the text is canonical
 */
export function findNonCanonical(text: string): NonCanonical | undefined {
  try {
    new CanonicalScan(text).whole();
    return undefined;
  } catch (error) {
    if (error instanceof Stop) return error.found;
    throw error;
  }
}

class Stop extends Error {
  constructor(readonly found: NonCanonical) {
    super(found.what);
  }
}

class CanonicalScan {
  private at = 0;
  private readonly path: (string | number)[] = [];

  constructor(private readonly text: string) {}

  whole(): void {
    this.value();
    if (this.at < this.text.length) this.stop(problems.behindTheEnd);
  }

  private value(): void {
    if (this.path.length > DEEPEST) this.stop(problems.tooDeep(DEEPEST));
    switch (this.text[this.at]) {
      case '{':
        return this.object();
      case '[':
        return this.array();
      case '"':
        return void this.string();
      default:
        if (this.take(LITERAL) === undefined) this.number();
    }
  }

  private object(): void {
    this.at += 1;
    if (this.skip('}')) return;
    let before: string | undefined;
    do {
      const start = this.at;
      if (this.text[start] !== '"') this.noJson();
      const key = this.string();
      if (key === before) this.stop(problems.duplicateKey(key), start);
      if (before !== undefined && key < before) this.stop(problems.keyOrder(key, before), start);
      before = key;
      this.demand(':');
      this.within(key);
    } while (this.skip(','));
    this.demand('}');
  }

  private array(): void {
    this.at += 1;
    if (this.skip(']')) return;
    let index = 0;
    do this.within(index++);
    while (this.skip(','));
    this.demand(']');
  }

  private within(step: string | number): void {
    this.path.push(step);
    this.value();
    this.path.pop();
  }

  /** @returns what the string says */
  private string(): string {
    const start = this.at;
    this.at += 1;
    for (;;) {
      this.take(PLAIN);
      if (this.skip('"')) return JSON.parse(this.text.slice(start, this.at)) as string;
      if (this.take(PAIR) ?? this.take(ESCAPE)) continue;
      const next = this.text[this.at];
      if (next === '\\') this.stop(problems.escape(this.escaped));
      if (next !== undefined && next >= '\ud800') this.stop(problems.halfPair);
      this.noJson();
    }
  }

  private get escaped(): string {
    return this.text.slice(this.at, this.at + (this.text[this.at + 1] === 'u' ? 6 : 2));
  }

  private number(): void {
    const start = this.at;
    const found = this.take(NUMBER);
    if (found === undefined) return this.noJson();
    const written = String(Number(found));
    if (written !== found) this.stop(problems.number(found, written), start);
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) return undefined;
    this.at += found.length;
    return found;
  }

  private skip(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private demand(character: string): void {
    if (!this.skip(character)) this.noJson();
  }

  private noJson(): never {
    const next = this.text[this.at];
    if (next === undefined) this.stop(problems.cutOff);
    this.stop(/[ \t\n\r]/.test(next) ? problems.whiteSpace : problems.noJson);
  }

  private stop(what: string, at = this.at): never {
    throw new Stop({ at, path: pathOf(this.path), what });
  }
}

function pathOf(steps: readonly (string | number)[]): string {
  const parts = steps.map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    return /^\w{1,64}$/.test(step) ? `.${step}` : `[${JSON.stringify(step.slice(0, 64))}]`;
  });
  return `$${parts.join('')}`;
}
