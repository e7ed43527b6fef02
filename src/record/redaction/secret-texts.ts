import { CardNumbers, isCardNumber } from './card-number.js';
import { LiteralSigns } from './literal-signs.js';
import { NamedValues } from './named-values.js';
import { type Replacement } from './replacement.js';
import { SecretKeys } from './secret-keys.js';
import { type Detector, NOWHERE, type Span } from './span.js';
import { tokenFormats } from './token-formats.js';
import { UrlCredentials } from './url-credentials.js';

/** Smallest number that may be a card's. */
const SMALLEST_CARD = 10 ** 12;

/**
 * How far behind its limit a text is read: a secret that the limit would cut in two must still look like one.
 * What is longer (a header with certificates, a private key) is taken as a secret by its beginning.
 */
const LOOK_AHEAD = 4_096;

/**
 * Finds what looks like a secret in texts, by linear scanning. Each kind of secret has a detector that finds its own next
 * sign; nearly every text has none of any kind, and these searches are all that it costs.
 */
export class SecretTexts {
  private readonly detectors: readonly Detector[];
  /** Where the next sign for each detector is. */
  private readonly signs: number[];

  /** @param keys names that tell in a text, too, that a secret follows */
  constructor(
    private readonly replacement: Replacement,
    keys = new SecretKeys([], true),
  ) {
    this.detectors = [
      ...new NamedValues(keys, replacement).detectors(),
      new UrlCredentials(),
      new LiteralSigns(),
      ...tokenFormats(),
      new CardNumbers(),
    ];
    this.signs = this.detectors.map(() => NOWHERE);
  }

  /**
   * Replaces the secrets in the first `limit` characters of a text, also one that only begins there.
   *
   * @returns the very same text when there are none; otherwise the first `limit` characters without them, as many as
   *   are needed to see when it became longer than the limit
   */
  clean(text: string, limit: number): string {
    const isCut = text.length > limit + LOOK_AHEAD;
    const window = isCut ? text.slice(0, limit + LOOK_AHEAD) : text;
    let at = this.advance(window, 0, true);
    if (at === NOWHERE) return text;
    let clean = '';
    let copied = 0;
    while (at < limit && clean.length <= limit) {
      const span = this.spanAt(window, at, isCut);
      if (span.isSecret && span.start < limit) {
        const found = window.slice(span.start, span.end);
        if (!this.replacement.isOne(found)) {
          const { quote = '' } = span;
          clean += window.slice(copied, span.start) + quote + this.replacementOf(found) + quote;
          copied = span.end;
        }
      }
      at = this.advance(window, span.isSecret ? span.end : 0, false);
    }
    return copied === 0 ? text : clean + window.slice(copied, Math.max(copied, limit));
  }

  /** The same for a number: that of a card. */
  cleanNumber(value: number): number | string {
    return value >= SMALLEST_CARD && isCardNumber(value) ? this.replacement.of(String(value)) : value;
  }

  /** What is at the nearest sign, with what other detectors see beginning in it: a private key behind its name. */
  private spanAt(text: string, at: number, isCut: boolean): Span {
    const first = this.take(this.signs.indexOf(at), text, isCut);
    if (!first.isSecret) return first;
    let { end } = first;
    for (let other = this.signBefore(end); other >= 0; other = this.signBefore(end)) {
      const span = this.take(other, text, isCut);
      if (span.isSecret && span.end > end) end = span.end;
    }
    return { ...first, end };
  }

  /** Lets a detector look at its sign, and go on to its next. */
  private take(index: number, text: string, isCut: boolean): Span {
    const detector = this.detectors[index]!;
    const at = this.signs[index]!;
    const span = detector.find(text, at, isCut);
    this.signs[index] = detector.next(text, Math.max(span.end, at + 1));
    return span;
  }

  private signBefore(end: number): number {
    return this.signs.findIndex((sign) => sign < end);
  }

  /** @returns the nearest sign from `from` on */
  private advance(text: string, from: number, isFirst: boolean): number {
    const { detectors, signs } = this;
    let nearest = NOWHERE;
    for (let index = 0; index < detectors.length; index++) {
      if (isFirst || signs[index]! < from) signs[index] = detectors[index]!.next(text, from);
      if (signs[index]! < nearest) nearest = signs[index]!;
    }
    return nearest;
  }

  /** A card's number is the same however it is grouped. */
  private replacementOf(secret: string): string {
    const isCard = /^\d[\d -]{12,}$/.test(secret.slice(0, 40));
    return this.replacement.of(isCard ? secret.replaceAll(/[ -]/g, '') : secret);
  }
}
