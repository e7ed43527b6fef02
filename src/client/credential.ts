import { SUBPROTOCOL } from '../wire/subprotocol.js';
import { CREDENTIAL_FAILED, UNSENDABLE_CREDENTIAL } from './client.messages.js';
import { LogStreamError } from './log-stream-error.js';

/**
 * A credential, or what gives one for every connection.
 *
 * @publicApi
 */
export type Credential = string | (() => string | Promise<string>);

/** Characters of a token, RFC 9110, section 5.6.2: all that a subprotocol may hold. */
const SENDABLE = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** What says who the client is. */
export interface Credentials {
  readonly token?: Credential;
  readonly ticket?: Credential;
}

/**
 * The subprotocols to offer: a header, and the only one that a page can set.
 *
 * @throws LogStreamError `invalid_credential`
 */
export async function subprotocols({ token, ticket }: Credentials): Promise<string[]> {
  if (token !== undefined) return offer('bearer', token);
  return ticket === undefined ? [] : offer('ticket', ticket);
}

/** How another attempt may bring another credential. */
export type Renewal =
  /** A function is asked for one. */
  | 'asked'
  /** What the platform sends by itself, as a page its cookies: a session that slides has moved on by then. */
  | 'ambient'
  | undefined;

export function renewal({ token, ticket }: Credentials): Renewal {
  const given = token ?? ticket;
  return typeof given === 'function' ? 'asked' : given ? undefined : 'ambient';
}

/** How long who gives a credential may take, in milliseconds. */
export const CREDENTIAL_MS = 30_000;

async function offer(prefix: string, credential: Credential): Promise<string[]> {
  let value: unknown;
  try {
    value = typeof credential === 'function' ? await inTime(credential) : credential;
  } catch (cause) {
    throw new LogStreamError('invalid_credential', CREDENTIAL_FAILED, { cause });
  }
  // Who gives it may have no compiler.
  if (typeof value !== 'string' || !SENDABLE.test(value)) {
    throw new LogStreamError('invalid_credential', UNSENDABLE_CREDENTIAL);
  }
  return [SUBPROTOCOL, `${prefix}.${value}`];
}

/** Who never answers would keep the client waiting for ever. */
function inTime(give: () => string | Promise<string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(reject, CREDENTIAL_MS);
    // Called later, so that what it throws is a rejection.
    const given = Promise.resolve().then(give);
    void given.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
