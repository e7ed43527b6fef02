import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Something that only the right client knows. Kept as its hash: hashes have one length, so that comparing takes
 * the same time for every guess, whatever its length and however much of it is right.
 */
export class Secret {
  private readonly hash: Buffer;

  constructor(secret: string) {
    this.hash = hashOf(secret);
  }

  matches(candidate: string): boolean {
    return timingSafeEqual(this.hash, hashOf(candidate));
  }
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
