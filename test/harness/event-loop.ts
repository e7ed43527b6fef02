import { setImmediate as nextTurn } from 'node:timers/promises';

/** Lets the event loop turn until something is so, without a clock; the test's own time-out is the limit. */
export async function eventually(condition: () => boolean): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop -- each turn depends on the one before
  while (!condition()) await nextTurn();
}

/** Lets the event loop turn that many times: what was about to happen has happened. */
export async function turns(number: number): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop -- one after the other
  for (let turn = 0; turn < number; turn++) await nextTurn();
}
