import { type IncomingMessage } from 'node:http';
import { Observable } from 'rxjs';
import { type Authorize } from '../../options/log-stream-options.js';
import { type Authorization } from '../../wire/principal.js';
import { type Authorizer } from './authorizer.js';
import { Departures } from './departures.js';
import { firstAnswer } from './first-answer.js';
import { readPrincipal } from './read-principal.js';

/**
 * Lets those watch whom at least one of several authorizers lets, asked in this order.
 *
 *     authorize: anyOf(tickets.authorize, bearerToken(process.env.MONITOR_TOKEN!))
 *
 * A 401 asks for what any of them asks for. One that throws, or answers with what is no principal, does not keep the others
 * from being asked; when none lets them, what it threw is thrown.
 *
 * @publicApi
 */
export function anyOf(...authorizers: readonly (Authorizer | Authorize)[]): Authorizer {
  const departures = new Departures();
  const ask = async (request: IncomingMessage): Promise<Authorization> => {
    const left = new Observable<void>((leaving) => departures.await(request.socket, () => leaving.next()));
    const thrown: unknown[] = [];
    for (const authorize of authorizers) {
      try {
        const answer = await firstAnswer(authorize(request), left);
        // What is no principal lets nobody in, and must not keep the others from being asked either.
        if (readPrincipal(answer)) return answer as Authorization;
      } catch (error) {
        thrown.push(error);
      }
    }
    if (thrown.length > 0) throw thrown[0];
    return undefined;
  };
  return Object.assign(ask, { challenges: authorizers.flatMap(({ challenges = [] }) => challenges) });
}
