/**
 * @typedef {object} Case
 * @property {number} clients
 * @property {number} [lines] logged in one turn of the event loop, a tick
 * @property {number} [perSecond] logged one by one at this pace, in place of ticks
 * @property {boolean} [slow] takes long, so it is not measured as often, and not at all in a quick run
 */

/** @type {readonly Case[]} */
export const TICKS = [
  { clients: 1, lines: 1 },
  { clients: 10, lines: 1 },
  { clients: 100, lines: 1 },
  { clients: 1000, lines: 1, slow: true },
  { clients: 1, lines: 16 },
  { clients: 10, lines: 16 },
  { clients: 100, lines: 16 },
  { clients: 1000, lines: 16, slow: true },
];

/** @type {readonly Case[]} */
export const PACED = [{ clients: 100, perSecond: 1000 }];

/**
 * For the formats of this package: fewer, since they differ in nothing but the framing.
 *
 * @type {readonly Case[]}
 */
export const FORMAT_TICKS = [
  { clients: 1, lines: 16 },
  { clients: 100, lines: 1 },
  { clients: 100, lines: 16 },
  { clients: 1000, lines: 16, slow: true },
];

/** @param {Case} one */
export function describe({ clients, lines, perSecond }) {
  const who = `${clients.toLocaleString('en')} client${clients === 1 ? '' : 's'}`;
  return `${who}, ${perSecond ? `${perSecond} lines/s` : `${lines} line${lines === 1 ? '' : 's'} a tick`}`;
}
