import { cardNumber, isCardNumber } from './card-number.js';
import { httpCredentials } from './http-credentials.js';
import { jsonWebToken } from './json-web-token.js';
import { BEGIN, privateKey } from './private-key.js';
import { type Replacement } from './replacement.js';
import { type Finder } from './span.js';
import { SCHEME_END, urlCredentials } from './url-credentials.js';

/**
 * The first signs of a secret. Nearly every text has none, and this one search is all that it costs. No part of it
 * repeats without a bound, so that its time is linear whatever the text.
 */
export const SIGN = /eyJ|:\/\/|-----BEGIN |[Bb](?:[Ee][Aa][Rr][Ee][Rr]|[Aa][Ss][Ii][Cc])[ \t]|\d[\d -]{12}/g;

/** Smallest number that may be a card's. */
const SMALLEST_CARD = 10 ** 12;

/**
 * How far behind its limit a text is read: a secret that the limit would cut in two must still look like one.
 * What is longer (a header with certificates, a private key) is taken as a secret by its beginning.
 */
const LOOK_AHEAD = 4_096;

/** Finds what looks like a secret in texts, by linear scanning. */
export class SecretTexts {
  private readonly sign = new RegExp(SIGN);

  constructor(private readonly replacement: Replacement) {}

  /**
   * Replaces the secrets in the first `limit` characters of a text, also one that only begins there.
   *
   * @returns the very same text when there are none; otherwise the first `limit` characters without them, as many as
   *   are needed to see when it became longer than the limit
   */
  clean(text: string, limit: number): string {
    const isCut = text.length > limit + LOOK_AHEAD;
    const window = isCut ? text.slice(0, limit + LOOK_AHEAD) : text;
    const { sign } = this;
    sign.lastIndex = 0;
    let match = sign.exec(window);
    if (!match) return text;
    let clean = '';
    let copied = 0;
    while (match && match.index < limit && clean.length <= limit) {
      const { start, end, isSecret } = finderOf(match[0])(window, match.index, isCut);
      if (isSecret && start < limit && !this.replacement.isOne(window.slice(start, end))) {
        clean += window.slice(copied, start) + this.replacementOf(window.slice(start, end));
        copied = end;
      }
      // Behind the sign at least: what one finder passed over may still be the sign of another secret.
      sign.lastIndex = Math.max(end, match.index + 1);
      match = sign.exec(window);
    }
    return copied === 0 ? text : clean + window.slice(copied, Math.max(copied, limit));
  }

  /** The same for a number: that of a card. */
  cleanNumber(value: number): number | string {
    return value >= SMALLEST_CARD && isCardNumber(value) ? this.replacement.of(String(value)) : value;
  }

  /** A card's number is the same however it is grouped. */
  private replacementOf(secret: string): string {
    const isCard = /^\d[\d -]{12,}$/.test(secret.slice(0, 40));
    return this.replacement.of(isCard ? secret.replaceAll(/[ -]/g, '') : secret);
  }
}

function finderOf(sign: string): Finder {
  switch (sign) {
    case 'eyJ':
      return jsonWebToken;
    case SCHEME_END:
      return urlCredentials;
    case BEGIN:
      return privateKey;
    default:
      return sign.startsWith('b') || sign.startsWith('B') ? httpCredentials : cardNumber;
  }
}
