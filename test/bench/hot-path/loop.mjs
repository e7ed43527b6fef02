/** One logger in one process: logs in a loop and says what a call took. */
import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { answer } from '../remote.mjs';
import { VARIANTS } from './loggers.mjs';

/** Ready texts: building one with a template would add the same to every logger and hide differences. */
const MESSAGES = Array.from({ length: 64 }, (_, index) => `Instance main-orchestrator-${index} spawned`);

const logger = new Logger('InstancesService');

/** One loop per kind of line, so that each call site sees one shape of arguments, as in an app. */
const LINES = {
  text(calls) {
    for (let call = 0; call < calls; call++) logger.log(MESSAGES[call & 63]);
  },
  params(calls) {
    for (let call = 0; call < calls; call++) {
      logger.log(MESSAGES[call & 63], { instance_id: 'abc123', memory_mb: call & 1023 });
    }
  },
};

let check = () => {};

answer({
  async install(key) {
    const installed = await VARIANTS[key].install();
    if (typeof installed === 'function') check = installed;
  },

  /** @returns nanoseconds per call: as the caller waits, and of the whole process with its collector's threads */
  measure({ line, calls }) {
    const cpu = process.cpuUsage();
    const start = process.hrtime.bigint();
    LINES[line](calls);
    const wall = Number(process.hrtime.bigint() - start);
    const { user, system } = process.cpuUsage(cpu);
    check();
    return { wall: wall / calls, cpu: ((user + system) * 1000) / calls };
  },
});
