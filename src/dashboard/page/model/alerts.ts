import { type AlertData } from '../../../wire/alert.js';

/** Firings that the bell shows. */
const SHOWN = 20;

/** Adds what came, newest first; what was told before is told again at every connect. */
export function withFiring(firings: readonly AlertData[], added: AlertData): readonly AlertData[] {
  const isKnown = firings.some(({ epoch, id }) => epoch === added.epoch && id === added.id);
  return isKnown ? firings : [added, ...firings].slice(0, SHOWN);
}
