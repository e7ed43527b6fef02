import { createHmac } from 'node:crypto';
import { type ResolvedRedactOptions } from '../../options/resolved-options.js';

/** Hex digits of a hash that are shown: 64 bits do not collide by chance among what one log holds. */
const DIGITS = 16;

const HASH = new RegExp(`^\\[hmac:[0-9a-f]{${DIGITS}}\\]$`);

/** What stands in the place of a secret. */
export class Replacement {
  readonly censor: string;
  private readonly key: string | undefined;

  constructor({ censor, hash }: Pick<ResolvedRedactOptions, 'censor' | 'hash'>) {
    this.censor = censor;
    this.key = hash?.key;
  }

  /** Whether the replacement depends on the secret, which must then be read. */
  get isHash(): boolean {
    return this.key !== undefined;
  }

  of(secret: string): string {
    if (this.key === undefined) return this.censor;
    // Redacted before, as in another process: hashing the hash would make equal values differ.
    if (HASH.test(secret)) return secret;
    const hash = createHmac('sha256', this.key).update(secret).digest('hex');
    return `[hmac:${hash.slice(0, DIGITS)}]`;
  }

  /** The end of what stands in the place of a secret here; -1 when nothing does. */
  endAt(text: string, start: number): number {
    if (this.censor !== '' && text.startsWith(this.censor, start)) return start + this.censor.length;
    const length = '[hmac:]'.length + DIGITS;
    return HASH.test(text.slice(start, start + length)) ? start + length : -1;
  }

  /** Whether a text already is what stands in the place of a secret. */
  isOne(text: string): boolean {
    return text === this.censor || HASH.test(text);
  }
}
