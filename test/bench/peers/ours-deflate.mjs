import { start as startOurs } from './ours.mjs';

/** This package, watched by extended clients that negotiated permessage-deflate, as a browser does. */
export function start(peer) {
  return startOurs(peer, {
    options: { compression: true },
    handshake: { path: '/ws/monitor?v=1', counts: 'batches', deflate: true },
  });
}
