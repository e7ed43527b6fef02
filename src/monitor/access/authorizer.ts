import { type IncomingMessage } from 'node:http';
import { type Authorize } from '../../options/log-stream-options.js';
import { type Authorization } from '../../wire/principal.js';

/**
 * A narrower form of the option `authorize`; what the ready-made authorizers are.
 *
 * @publicApi
 */
export interface Authorizer extends Authorize {
  (request: IncomingMessage): Authorization | Promise<Authorization>;
}
