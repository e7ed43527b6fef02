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

/** Whether another attempt may bring another credential. */
export function renewable({ token, ticket }: Credentials): boolean {
  return typeof (token ?? ticket) === 'function';
}

async function offer(prefix: string, credential: Credential): Promise<string[]> {
  let value: unknown;
  try {
    value = typeof credential === 'function' ? await credential() : credential;
  } catch (cause) {
    throw new LogStreamError('invalid_credential', CREDENTIAL_FAILED, { cause });
  }
  // Who gives it may have no compiler.
  if (typeof value !== 'string' || !SENDABLE.test(value)) {
    throw new LogStreamError('invalid_credential', UNSENDABLE_CREDENTIAL);
  }
  return [SUBPROTOCOL, `${prefix}.${value}`];
}
