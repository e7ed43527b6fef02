/** One peer in one process: serves, logs when it is told to, and says what CPU that took. */
import 'reflect-metadata';
import { once } from 'node:events';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { answer } from '../remote.mjs';
import { startPeer } from '../peers/index.mjs';

/** Longest wait for clients to appear or for bytes to leave, in milliseconds. */
const PATIENCE_MS = 10_000;

/** A timer for each of a thousand lines a second would itself cost some percent of a core. */
const PACE_MS = 5;

const sockets = new Set();
let peer;

answer({
  async start({ key, windowMs }) {
    peer = await startPeer(key, windowMs);
    peer.server.on('connection', (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    peer.server.listen(0, '127.0.0.1');
    await once(peer.server, 'listening');
    return { port: peer.server.address().port, handshake: peer.handshake };
  },

  async watched({ clients }) {
    await until(
      () => peer.watching() === clients,
      () => `${peer.watching()} of ${clients} clients`,
    );
  },

  /**
   * Logs in ticks, that is turns of the event loop, back to back, with a rest after each burst.
   *
   * @returns CPU and time in microseconds, without the wait for arrival
   */
  async burst({ bursts, ticks, lines, restMs }) {
    const cpu = process.cpuUsage();
    const start = performance.now();
    for (let burst = 0; burst < bursts; burst++) {
      for (let tick = 0; tick < ticks; tick++) {
        peer.log(lines);
        await turn();
      }
      await pause(restMs);
    }
    await drained();
    return spent(cpu, start);
  },

  /** Logs so many lines a second, those that are due every few milliseconds. */
  async pace({ seconds, perSecond }) {
    const cpu = process.cpuUsage();
    const start = performance.now();
    const total = seconds * perSecond;
    for (let logged = 0; logged < total;) {
      await pause(PACE_MS);
      const due = Math.min(Math.floor(((performance.now() - start) / 1000) * perSecond), total);
      peer.log(due - logged);
      logged = due;
    }
    await drained();
    return spent(cpu, start);
  },
});

/** What waits in a window of the peer, and then in the sockets, is part of the work. */
async function drained() {
  await pause(50);
  await until(
    () => backlog() === 0,
    () => `${backlog()} bytes never left`,
  );
  const failures = peer.failures?.() ?? 0;
  if (failures > 0) throw new Error(`${failures} lines were lost before any client`);
}

function backlog() {
  let bytes = 0;
  for (const socket of sockets) bytes += socket.writableLength;
  return bytes;
}

async function until(condition, describe) {
  const start = performance.now();
  while (!condition()) {
    if (performance.now() - start > PATIENCE_MS) throw new Error(describe());
    await pause(5);
  }
}

function spent(cpu, start) {
  const { user, system } = process.cpuUsage(cpu);
  return { cpu: user + system, wall: (performance.now() - start) * 1000 };
}
