import { type Socket } from 'node:net';
import { Subject } from 'rxjs';
import { type Departures } from './departures.js';
import { firstAnswer } from './first-answer.js';

/** In place of an answer that did not come in time. */
export const UNDECIDED: unique symbol = Symbol('undecided');

/**
 * Waits for what `authorize` answers, but not longer than this many milliseconds, nor than the client does. A
 * socket that is being upgraded is not read, so that one which vanished silently would be held forever by an
 * answer that never comes.
 */
export function decision(
  answer: unknown,
  socket: Socket,
  departures: Departures,
  ms: number,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const over = new Subject<void>();
    const settle = (outcome: () => void): void => {
      clearTimeout(timer);
      stay();
      outcome();
      over.next();
    };
    const giveUp = (): void => settle(() => resolve(UNDECIDED));
    const timer = setTimeout(giveUp, ms).unref();
    const stay = departures.await(socket, giveUp);
    firstAnswer(answer, over).then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error)),
    );
  });
}
