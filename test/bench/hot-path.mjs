import { ratio, rotated, sample } from './measure.mjs';
import { Remote } from './remote.mjs';
import { VARIANTS } from './hot-path/loggers.mjs';

export const LINES = {
  text: "a text: `logger.log('Instance ... spawned')`",
  params: "with params: `logger.log('Instance ... spawned', { instance_id, memory_mb })`",
};

const BASE = 'console';

/**
 * What one call of Nest's `Logger` costs with nobody watching.
 *
 * Each logger has a process of its own, as in an app, where Nest's `Logger` has met one logger only; together in one
 * process, each would slow the others down. All are up at the same time and take turns, and each gets
 * several processes, because where one lands in memory alone makes some percent.
 *
 * @param {{ processes: number, rounds: number, roundMs: number, warmUpCalls: number }} effort where `warmUpCalls` are
 *   enough for V8 to have compiled everything and for the 10,000 places of the history to be taken
 */
export async function measureHotPath({ processes, rounds, roundMs, warmUpCalls }, progress) {
  const results = Object.keys(VARIANTS).flatMap((key) =>
    Object.keys(LINES).map((line) => ({ key, line, wall: [], cpu: [] })),
  );
  for (let generation = 0; generation < processes; generation++) {
    const loops = new Map();
    try {
      for (const key of Object.keys(VARIANTS)) loops.set(key, await warmLoop(key, roundMs, warmUpCalls));
      for (let round = 0; round < rounds; round++) {
        progress(`hot path: processes ${generation + 1}/${processes}, round ${round + 1}/${rounds}`);
        for (const result of rotated(results, round)) {
          const { remote, calls } = loops.get(result.key);
          const { wall, cpu } = await remote.call('measure', {
            line: result.line,
            calls: calls[result.line],
          });
          result.wall.push(wall);
          result.cpu.push(cpu);
        }
      }
    } finally {
      for (const { remote } of loops.values()) remote.stop();
    }
  }
  return results.map((result) => {
    const base = results.find(({ key, line }) => key === BASE && line === result.line);
    return {
      key: result.key,
      line: result.line,
      name: VARIANTS[result.key].name,
      wall: sample(result.wall),
      cpu: sample(result.cpu),
      // Of CPU, not of time: on a busy machine a call also waits for a core, which is nobody's cost.
      ratio: ratio(result.cpu, base.cpu),
    };
  });
}

async function warmLoop(key, roundMs, warmUpCalls) {
  const remote = new Remote(new URL('hot-path/loop.mjs', import.meta.url));
  try {
    await remote.call('install', key);
    const calls = {};
    for (const line of Object.keys(LINES)) {
      await remote.call('measure', { line, calls: warmUpCalls });
      const { wall } = await remote.call('measure', { line, calls: warmUpCalls });
      // As many calls as take the time of one round, so that cheap loggers are not measured by a few of the clock's steps.
      calls[line] = Math.max(1_000, Math.round((roundMs * 1e6) / wall));
    }
    return { remote, calls };
  } catch (error) {
    remote.stop();
    throw error;
  }
}
