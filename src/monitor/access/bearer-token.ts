import { type IncomingMessage } from 'node:http';
import { type Authorization, type Principal } from '../../wire/principal.js';
import { type Authorizer } from './authorizer.js';
import { secretsExpected, TOKENS_EXPECTED } from './access.messages.js';
import { authorizationHeader } from './authorization-header.js';
import { DEFAULT_REALM, realmParameter } from './challenge.js';
import { checkPrincipal } from './read-principal.js';
import { Secrets } from './secrets.js';
import { subprotocolCredential } from './subprotocol.js';

/**
 * Answers who has a token, as by verifying a JWT.
 *
 * @publicApi
 */
export type VerifyToken = (token: string) => Authorization | Promise<Authorization>;

/**
 * One token, several, or a Map of tokens to who has them; tokens without a principal may see everything.
 *
 * @publicApi
 */
export type BearerTokens = string | readonly string[] | ReadonlyMap<string, Principal | true>;

/**
 * Lets those watch who send `Authorization: Bearer <token>`, or from a page, which cannot set that header,
 * `new WebSocket(url, ['log-stream', 'bearer.<token>'])`.
 *
 *     LogStreamModule.forRoot({ authorize: bearerToken(process.env.MONITOR_TOKEN!) })
 *
 * @throws TypeError at start-up when there is no token, as when an environment variable is missing, or a principal is none
 * @publicApi
 */
export function bearerToken(tokens: BearerTokens | VerifyToken): Authorizer {
  const verify = typeof tokens === 'function' ? tokens : known(tokens);
  const authorize = (request: IncomingMessage): ReturnType<VerifyToken> => {
    const token = authorizationHeader(request, 'bearer') ?? subprotocolCredential(request, 'bearer.');
    return token === undefined ? undefined : verify(token);
  };
  return Object.assign(authorize, { challenges: [`Bearer ${realmParameter(DEFAULT_REALM)}`] });
}

function known(tokens: BearerTokens): VerifyToken {
  const entries = entriesOf(tokens);
  // An empty token would let everybody in who sends none.
  if (entries.length === 0 || entries.some(([token]) => typeof token !== 'string' || token === '')) {
    throw new TypeError(secretsExpected('bearerToken()', TOKENS_EXPECTED));
  }
  for (const [, owner] of entries) {
    if (!owner) throw new TypeError(secretsExpected('bearerToken()', TOKENS_EXPECTED));
    if (owner !== true) checkPrincipal(owner);
  }
  const secrets = new Secrets(entries);
  return (token) => secrets.ownerOf(token);
}

function entriesOf(tokens: unknown): (readonly [string, Authorization])[] {
  if (tokens instanceof Map) return [...(tokens as Map<string, Authorization>)];
  return [tokens].flat().map((token) => [token as string, true]);
}
