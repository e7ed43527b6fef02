import { generateKeyPairSync, sign } from 'node:crypto';

/** What `https.createServer()` and `http2.createSecureServer()` take. */
export interface Identity {
  readonly key: string;
  readonly cert: string;
}

const tag = (id: number, ...content: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(content);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([id, ...length]), body]);
};
const sequence = (...content: readonly Uint8Array[]): Buffer => tag(0x30, ...content);
const time = (text: string): Buffer => tag(0x17, Buffer.from(text));

/** ecdsa-with-SHA256 */
const ALGORITHM = sequence(tag(0x06, Buffer.from('2a8648ce3d040302', 'hex')));
const COMMON_NAME = Buffer.from('550403', 'hex');

/** A certificate for `localhost` that nobody trusts (X.509 v1, RFC 5280), made anew: no private key lies in the repository. */
export function selfSigned(): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(tag(0x31, sequence(tag(0x06, COMMON_NAME), tag(0x0c, Buffer.from('localhost')))));
  const body = sequence(
    tag(0x02, Buffer.from([1])),
    ALGORITHM,
    name,
    sequence(time('200101000000Z'), time('491231235959Z')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = tag(0x03, Buffer.from([0]), sign('sha256', body, privateKey));
  const certificate = sequence(body, ALGORITHM, signature).toString('base64');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    cert: `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n`,
  };
}
