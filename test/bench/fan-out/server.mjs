/** One peer in one process: serves, logs when it is told to, and says what CPU that took. */
import 'reflect-metadata';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { logPaced } from '../pace.mjs';
import { answer } from '../remote.mjs';
import { startPeer } from '../peers/index.mjs';
import { Served } from '../served.mjs';
import { until } from '../wait.mjs';

let peer;
let served;

answer({
  async start({ key, windowMs }) {
    peer = await startPeer(key, windowMs);
    served = await Served.start(peer);
    return served.address;
  },

  watched({ clients }) {
    return served.watched(clients);
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
  if (!(await until(() => served.backlog === 0))) throw new Error(`${served.backlog} bytes never left`);
  const failures = peer.failures?.() ?? 0;
  if (failures > 0) throw new Error(`${failures} lines were lost before any client`);
}

function spent(cpu, start = 0) {
  const { user, system } = process.cpuUsage(cpu);
  return { cpu: user + system, wall: (performance.now() - start) * 1000 };
}
