import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { BAD_KEY_NAME, badVerifierKey } from './evidence.messages.js';
import { sha256 } from './hashes.js';
import { exactBase64 } from './exact-base64.js';

/** The signature type of Ed25519 in C2SP signed-note. */
const ED25519 = 1;
const PUBLIC_KEY_BYTES = 32;
const ID_BYTES = 4;

/** A public Ed25519 key and the name of its owner: verifies signatures of notes (C2SP signed-note). */
export class VerifyingKey {
  /** First 4 bytes of SHA-256(name || "\n" || 0x01 || public key): says which key signed, and proves nothing. */
  readonly id: Buffer;
  private readonly key: KeyObject;

  /**
   * @param publicKey 32 bytes (RFC 8032)
   * @throws TypeError when the name or the key is none
   */
  constructor(
    readonly name: string,
    readonly publicKey: Buffer,
  ) {
    if (!isKeyName(name)) throw new TypeError(BAD_KEY_NAME);
    const typed = Buffer.concat([Buffer.from([ED25519]), publicKey]);
    this.id = sha256(Buffer.concat([Buffer.from(`${name}\n`), typed])).subarray(0, ID_BYTES);
    this.key = createPublicKey({
      format: 'jwk',
      key: { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') },
    });
  }

  /**
   * @param vkey `name+id in hex+base64(0x01 || public key)`
   * @throws TypeError that says what is wrong with it
   */
  static parse(vkey: string): VerifyingKey {
    const refuse = (why: string): never => {
      throw new TypeError(badVerifierKey(vkey, why));
    };
    const [, name, id, base64] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey) ?? refuse('it has another form');
    if (!isKeyName(name!)) refuse('its name has a space or a control character');
    const typed = exactBase64(base64!) ?? refuse('its last part is no base64');
    if (typed[0] !== ED25519 || typed.length !== 1 + PUBLIC_KEY_BYTES) refuse('it is not of Ed25519');
    const key = new VerifyingKey(name!, typed.subarray(1));
    if (key.id.toString('hex') !== id)
      refuse('its id is not the one of its name and key, so one was mistyped');
    return key;
  }

  /** @param signature 64 bytes; any other length is no signature of this key */
  verifies(bytes: Uint8Array, signature: Uint8Array): boolean {
    return verify(null, bytes, this.key, signature);
  }

  equals(other: VerifyingKey): boolean {
    return this.name === other.name && this.publicKey.equals(other.publicKey);
  }

  /** The verifier key (vkey) as text. */
  toString(): string {
    const typed = Buffer.concat([Buffer.from([ED25519]), this.publicKey]);
    return `${this.name}+${this.id.toString('hex')}+${typed.toString('base64')}`;
  }
}

/** Key names of C2SP signed-note: not empty, no Unicode spaces, no plus; and in a note no control characters. */
export function isKeyName(name: string): boolean {
  // eslint-disable-next-line no-control-regex
  return /^[^\s+\u0000-\u001f\p{Surrogate}]+$/u.test(name);
}
