/**
 * @typedef {object} Peer
 * @property {import('node:net').Server} server not listening yet
 * @property {(count: number) => void} log logs that many lines in this turn of the event loop
 * @property {Handshake} [handshake] how to become a watcher over WebSocket; none for bare TCP
 * @property {() => number} watching how many clients get what is logged
 * @property {() => number} [failures] lines that were lost before any client
 */

/**
 * @typedef {object} Handshake
 * @property {string} path
 * @property {string} [greeting] a text to send
 * @property {number} [welcomes] text frames before the first line
 * @property {'frames' | 'batches' | 'latencies'} [counts] how lines are counted: `frames`, when each is one of its own
 * @property {boolean} [deflate] whether to offer permessage-deflate
 */

/** What is compared, and how the report names it. A further peer is a file beside these and a line here. */
export const PEERS = {
  ours: 'ours',
  naive: '`ws.send` per client',
  'socket-io': 'socket.io broadcast',
  'raw-tcp': 'raw TCP write',
};

/** What the extended protocol costs beside the plain one; another comparison with the same servers and clients. */
export const FORMATS = {
  ours: 'plain',
  'ours-batch': '`?v=1`',
  'ours-deflate': '`?v=1`, compressed',
};

/**
 * @param {string} key one of {@link PEERS} or {@link FORMATS}
 * @param {number} windowMs how long a peer that gathers lines may gather them
 * @returns {Promise<Peer>}
 */
export async function startPeer(key, windowMs) {
  if (!Object.hasOwn({ ...PEERS, ...FORMATS }, key)) throw new Error(`There is no peer '${key}'`);
  const { start } = await import(`./${key}.mjs`);
  return start({ windowMs });
}
