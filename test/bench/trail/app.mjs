/** An app that audits, in one process: callers that wait for each acknowledgement, one after the other. */
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  AuditLogger,
  AuditSink,
  AuditTrail,
  LogStreamLogger,
  LogStreamModule,
  setupLogStreaming,
} from 'nestjs-log-stream';
import { rmSync, statSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { logPaced } from '../pace.mjs';
import { answer } from '../remote.mjs';
import { NaiveSink } from './naive-sink.mjs';

const OPTIONS = { logger: false, caller: 'never' };

/** Milliseconds; also the least that is measured. */
const RESOLUTION = 1;

class Users {
  constructor(audit) {
    this.audit = audit;
  }
}
Reflect.defineMetadata('design:paramtypes', [AuditLogger], Users);

let app;
let users;
let trail;
let naive;
let directory;
let number = 0;

answer({
  async start({ variant, directory: given }) {
    directory = given;
    const file = `${directory}/audit.db`;
    class Root {}
    const options = variant === 'trail' ? { ...OPTIONS, trail: { file } } : OPTIONS;
    Module({ imports: [LogStreamModule.forRoot(options)], providers: [Users] })(Root);
    const building = Test.createTestingModule({ imports: [Root] });
    if (variant === 'naive') {
      naive = new NaiveSink(file);
      building.overrideProvider(AuditSink).useValue(naive);
    }
    app = (await building.compile()).createNestApplication({ logger: false });
    setupLogStreaming(app);
    await app.init();
    users = app.get(Users);
    trail = app.get(AuditTrail);
  },

  /** Each caller asks again when it was acknowledged, at the next turn of the event loop, as requests come. */
  async callers({ count, seconds }) {
    const end = performance.now() + seconds * 1000;
    return measured(() =>
      Promise.all(
        Array.from({ length: count }, async () => {
          while (performance.now() < end) {
            await record();
            await turn();
          }
        }),
      ),
    );
  },

  /** As many as are due, whatever became of those before. */
  async paced(pace) {
    return measured(async () => {
      const waiting = [];
      await logPaced((due) => {
        for (let logged = 0; logged < due; logged++) waiting.push(record());
      }, pace);
      await Promise.all(waiting);
    });
  },

  /** Stores so many records, as fast as it goes. */
  async fill({ count }) {
    for (let left = count; left > 0; left -= 1_000) {
      await Promise.all(Array.from({ length: Math.min(1_000, left) }, record));
    }
  },

  /** @returns entries, and bytes of the file without its log */
  async close() {
    const { failures } = app.get(LogStreamLogger);
    if (failures.stream > 0) throw new Error(`${failures.stream} records were lost before the trail`);
    const last = trail.isKept ? trail.status.last : 0;
    if (trail.isKept && trail.status.lost + trail.status.spooled > 0)
      throw new Error('The trail lost records');
    await app.close();
    naive?.close();
    return { last, bytes: last > 0 ? statSync(`${directory}/audit.db`).size : 0 };
  },

  remove() {
    rmSync(directory, { recursive: true, force: true });
  },
});

let latencies = [];

async function record() {
  number += 1;
  const start = performance.now();
  await users.audit.log(`Role of user-${number & 1023} changed`, {
    action: 'user_role_changed',
    metadata: { role: 'admin', previous: 'viewer', ticket: `OPS-${number & 4095}` },
    actor: { id: `user-${number & 63}` },
    targets: [{ type: 'user', id: `user-${number & 1023}` }],
    outcome: 'success',
  });
  latencies.push(performance.now() - start);
}

async function measured(work) {
  latencies = [];
  const before = trail.isKept ? trail.status.commits : 0;
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  const cpu = process.cpuUsage();
  delay.enable();
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  // A loop that was blocked until now has not told so yet.
  await pause(10 * RESOLUTION);
  delay.disable();
  const sorted = Float64Array.from(latencies).toSorted();
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return {
    perSecond: sorted.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    loop: delay.percentile(99) / 1e6,
    cpu: (user + system) / sorted.length,
    perCommit: trail.isKept ? sorted.length / (trail.status.commits - before) : 1,
  };
}
