import { SigningKey } from '../../../src/trail/evidence/signing-key.js';

/** PKCS#8 around the 32 bytes of an Ed25519 seed (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The key of a seed: always the same, so what it signs can stand in a file. */
export function keyOfSeed(seed: Uint8Array, name: string): SigningKey {
  const der = Buffer.concat([PKCS8, seed]).toString('base64');
  return SigningKey.fromPem(`-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n`, name);
}
