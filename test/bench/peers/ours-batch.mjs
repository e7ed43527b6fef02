import { start as startOurs } from './ours.mjs';

/** This package, watched by extended clients. */
export function start(peer) {
  return startOurs(peer, { handshake: { path: '/ws/monitor?v=1', counts: 'batches' } });
}
