/** This package in one process, logging lines that say when they were logged. */
import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { now } from '../clock.mjs';
import { logPaced } from '../pace.mjs';
import { start as startOurs } from '../peers/ours.mjs';
import { answer } from '../remote.mjs';
import { Served } from '../served.mjs';

const logger = new Logger('app.server');
let number = 0;
let peer;
let served;

answer({
  async start() {
    peer = await startOurs({});
    served = await Served.start(peer);
    return served.address;
  },

  watched({ clients }) {
    return served.watched(clients);
  },

  /** @returns CPU and time in microseconds */
  async pace(pace) {
    const cpu = process.cpuUsage();
    const start = performance.now();
    const lines = await logPaced(log, pace);
    // The last window of a flush.
    await pause(50);
    if (peer.failures() > 0) throw new Error(`${peer.failures()} lines were lost before any client`);
    const { user, system } = process.cpuUsage(cpu);
    return { lines, cpu: user + system, wall: (performance.now() - start) * 1000 };
  },

  /** @returns bytes, after a collection of garbage */
  memory() {
    globalThis.gc();
    const { rss, heapUsed, external } = process.memoryUsage();
    return { rss, heapUsed, external, backlog: served.backlog, clients: peer.watching() };
  },

  /** @returns bytes that wait in this process for all sockets together */
  backlog() {
    return served.backlog;
  },
});

function log(count) {
  for (let logged = 0; logged < count; logged++) {
    number += 1;
    logger.log('Instance main-orchestrator spawned successfully', { number, sent: now(), memory_mb: 512 });
  }
}
