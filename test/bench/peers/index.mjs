/**
 * @typedef {object} Peer
 * @property {import('node:net').Server} server not listening yet
 * @property {(count: number) => void} log logs that many lines in this turn of the event loop
 * @property {{ path: string, greeting?: string, welcomes?: number }} [handshake] how to become a watcher over
 *   WebSocket: the path, a text to send, and how many text frames come before the first line; none for bare TCP
 * @property {() => number} watching how many clients get what is logged
 * @property {() => number} [failures] lines that were lost before any client
 */

/** What is compared, and how the report names it. A further peer is a file beside these and a line here. */
export const PEERS = {
  ours: 'ours',
  naive: '`ws.send` per client',
  'socket-io': 'socket.io broadcast',
  'raw-tcp': 'raw TCP write',
};

/**
 * @param {string} key one of {@link PEERS}
 * @param {number} windowMs how long a peer that gathers lines may gather them
 * @returns {Promise<Peer>}
 */
export async function startPeer(key, windowMs) {
  if (!Object.hasOwn(PEERS, key)) throw new Error(`There is no peer '${key}'`);
  const { start } = await import(`./${key}.mjs`);
  return start({ windowMs });
}
