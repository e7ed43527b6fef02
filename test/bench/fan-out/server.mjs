/** One peer in one process: serves, logs when it is told to, and says what CPU that took. */
import 'reflect-metadata';
import { once } from 'node:events';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { logPaced } from '../pace.mjs';
import { answer } from '../remote.mjs';
import { startPeer } from '../peers/index.mjs';
import { until } from '../wait.mjs';

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
    if (!(await until(() => peer.watching() === clients)))
      throw new Error(`${peer.watching()} of ${clients} clients`);
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

  /** @returns CPU of this process since its start, in microseconds */
  usage() {
    return spent().cpu;
  },

  /** Logs so many lines a second. */
  async pace(pace) {
    const cpu = process.cpuUsage();
    const start = performance.now();
    await logPaced(peer.log, pace);
    await drained();
    return spent(cpu, start);
  },
});

/** What waits in a window of the peer, and then in the sockets, is part of the work. */
async function drained() {
  await pause(50);
  if (!(await until(() => backlog() === 0))) throw new Error(`${backlog()} bytes never left`);
  const failures = peer.failures?.() ?? 0;
  if (failures > 0) throw new Error(`${failures} lines were lost before any client`);
}

function backlog() {
  let bytes = 0;
  for (const socket of sockets) bytes += socket.writableLength;
  return bytes;
}

function spent(cpu, start = 0) {
  const { user, system } = process.cpuUsage(cpu);
  return { cpu: user + system, wall: (performance.now() - start) * 1000 };
}
