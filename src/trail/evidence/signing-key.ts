import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { BAD_KEY_NAME, NOT_ED25519 } from './evidence.messages.js';
import { isKeyName, VerifyingKey } from './verifying-key.js';

/** A private Ed25519 key with the name under which it signs notes (C2SP signed-note). */
export class SigningKey {
  /** What verifies its signatures. */
  readonly verifyingKey: VerifyingKey;

  private constructor(
    readonly name: string,
    private readonly privateKey: KeyObject,
  ) {
    if (!isKeyName(name)) throw new TypeError(BAD_KEY_NAME);
    if (privateKey.asymmetricKeyType !== 'ed25519') throw new TypeError(NOT_ED25519);
    const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
    this.verifyingKey = new VerifyingKey(name, Buffer.from(x!, 'base64url'));
  }

  /** @throws TypeError when the name is none */
  static generate(name: string): SigningKey {
    return new SigningKey(name, generateKeyPairSync('ed25519').privateKey);
  }

  /**
   * @param pem PKCS#8, as {@link toPem} and `openssl genpkey -algorithm ed25519` write it
   * @throws TypeError when it is no private Ed25519 key, or the name is none
   */
  static fromPem(pem: string, name: string): SigningKey {
    let privateKey: KeyObject;
    try {
      privateKey = createPrivateKey(pem);
    } catch (cause) {
      throw new TypeError(NOT_ED25519, { cause });
    }
    return new SigningKey(name, privateKey);
  }

  /** 32 bytes (RFC 8032). */
  get publicKey(): Buffer {
    return this.verifyingKey.publicKey;
  }

  /** The verifier key (vkey) as text: safe to publish, and what an auditor should get once, by another way. */
  get verifier(): string {
    return this.verifyingKey.toString();
  }

  /** @returns 64 bytes (RFC 8032) */
  sign(bytes: Uint8Array): Buffer {
    return sign(null, bytes, this.privateKey);
  }

  /** PKCS#8. Secret: whoever has it can sign a rewritten trail. */
  toPem(): string {
    return this.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  }
}
