import { httpCredentials } from './http-credentials.js';
import { jsonWebToken } from './json-web-token.js';
import { BEGIN, privateKey } from './private-key.js';
import { type Detector, type Finder, NOWHERE, type Span } from './span.js';

/** No part of it repeats without a bound, so that its time is linear whatever the text. */
export const SIGN = /eyJ|-----BEGIN |[Bb](?:[Ee][Aa][Rr][Ee][Rr]|[Aa][Ss][Ii][Cc])[ \t]/g;

/** Secrets that begin with a word of their own: JSON web tokens, private keys, what follows the scheme of a header. */
export class LiteralSigns implements Detector {
  private readonly sign = new RegExp(SIGN);

  next(text: string, from: number): number {
    this.sign.lastIndex = from;
    return this.sign.exec(text)?.index ?? NOWHERE;
  }

  find(text: string, at: number, isCut: boolean): Span {
    return finderAt(text, at)(text, at, isCut);
  }
}

function finderAt(text: string, at: number): Finder {
  if (text.startsWith('eyJ', at)) return jsonWebToken;
  return text.startsWith(BEGIN, at) ? privateKey : httpCredentials;
}
