import { type IncomingMessage } from 'node:http';
import { type Authorization, type Principal } from '../../wire/principal.js';
import { type Authorizer } from './authorizer.js';
import { secretsExpected, USERS_EXPECTED } from './access.messages.js';
import { authorizationHeader } from './authorization-header.js';
import { DEFAULT_REALM, realmParameter } from './challenge.js';
import { checkPrincipal } from './read-principal.js';
import { Secrets } from './secrets.js';

/**
 * Answers who has a name and a password.
 *
 * @publicApi
 */
export type VerifyPassword = (name: string, password: string) => Authorization | Promise<Authorization>;

/**
 * Passwords by user name, where needed with what the user may see. The user's name is the principal's id.
 *
 * @publicApi
 */
export type BasicUsers = Readonly<
  Record<string, string | { readonly password: string; readonly principal: Principal }>
>;

/** Of {@link basicAuth}. */
export interface BasicAuthOptions {
  /**
   * What a browser shows when it asks for the password: printable ASCII without quotes and backslashes.
   * @default 'log stream'
   */
  readonly realm?: string;
}

/**
 * Lets those watch who send a name and a password (RFC 7617). Over TLS only: anybody between can read them. Who comes
 * without is asked for them, as by the dialog of a browser.
 *
 *     LogStreamModule.forRoot({ authorize: basicAuth({ ops: process.env.MONITOR_PASSWORD! }) })
 *
 * @throws TypeError at start-up when there is no user, or one without a password or with a principal that is none, or no possible
 * realm
 * @publicApi
 */
export function basicAuth(
  users: BasicUsers | VerifyPassword,
  { realm = DEFAULT_REALM }: BasicAuthOptions = {},
): Authorizer {
  const verify = typeof users === 'function' ? verifying(users) : known(users);
  const authorize = (request: IncomingMessage): ReturnType<VerifyPassword> => {
    const credential = authorizationHeader(request, 'basic');
    return credential === undefined ? undefined : verify(Buffer.from(credential, 'base64').toString());
  };
  return Object.assign(authorize, { challenges: [`Basic ${realmParameter(realm)}, charset="UTF-8"`] });
}

function verifying(verify: VerifyPassword): (pair: string) => ReturnType<VerifyPassword> {
  return (pair) => {
    const colon = pair.indexOf(':');
    return colon < 0 ? undefined : verify(pair.slice(0, colon), pair.slice(colon + 1));
  };
}

function known(users: BasicUsers): (pair: string) => Authorization {
  const entries = Object.entries(users ?? {}).map(([name, user]) => {
    const { password, principal } = typeof user === 'object' ? user : { password: user, principal: {} };
    // A colon ends the name: `a:b` with `c` would be `a` with `b:c`.
    if (name.includes(':') || typeof password !== 'string' || password === '') throw wrong();
    // Name and password as one secret: whether a name exists takes no other time than a wrong password.
    const owner: Principal = { id: name, ...principal };
    checkPrincipal(owner);
    return [`${name}:${password}`, owner] as const;
  });
  if (entries.length === 0) throw wrong();
  const secrets = new Secrets(entries);
  return (pair) => secrets.ownerOf(pair);
}

function wrong(): TypeError {
  return new TypeError(secretsExpected('basicAuth()', USERS_EXPECTED));
}
