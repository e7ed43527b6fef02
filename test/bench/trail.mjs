import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ratio, rotated, sample } from './measure.mjs';
import { Remote } from './remote.mjs';

export const CALLERS = [1, 10, 1_000];
export const PACE = 5_000;

export const VARIANTS = {
  none: 'no trail',
  trail: 'trail',
  naive: 'one transaction a record',
};

const MEASURES = ['perSecond', 'p50', 'p99', 'loop', 'cpu', 'perCommit'];

/**
 * @typedef {object} Effort
 * @property {number} rounds each with a new process and a new file for each variant
 * @property {number} warmUpSeconds
 * @property {number} seconds of each number of callers
 * @property {number} entries of the trail that is verified
 * @property {number} verifications
 */

/**
 * What it costs to have an audit record durable before its caller goes on.
 *
 * @param {Effort} effort
 */
export async function measureTrail(effort, progress) {
  const rounds = { none: [], trail: [], naive: [] };
  for (let round = 0; round < effort.rounds; round++) {
    for (const variant of rotated(Object.keys(VARIANTS), round)) {
      progress(`trail: ${VARIANTS[variant]}, round ${round + 1}/${effort.rounds}`);
      rounds[variant].push(await measureVariant(variant, effort));
    }
  }
  const cases = [...CALLERS, 'paced'];
  return {
    cases: cases.map((name) => ({
      name,
      variants: variantsOf(name).map((key) => {
        const of = (measure, variant = key) => rounds[variant].map((one) => one[name][measure]);
        return {
          key,
          name: VARIANTS[key],
          ...Object.fromEntries(MEASURES.map((measure) => [measure, sample(of(measure))])),
          loopToNone: ratio(of('loop'), of('loop', 'none')),
        };
      }),
    })),
    verification: await measureVerification(effort, progress),
  };
}

/** One transaction a record does not keep the pace: it would show how long its queue grows. */
function variantsOf(name) {
  return Object.keys(VARIANTS).filter((key) => name !== 'paced' || key !== 'naive');
}

async function measureVariant(variant, { warmUpSeconds, seconds }) {
  return withApp(variant, async (app) => {
    await app.call('callers', { count: 100, seconds: warmUpSeconds });
    const measured = {};
    for (const count of CALLERS) measured[count] = await app.call('callers', { count, seconds });
    if (variantsOf('paced').includes(variant))
      measured.paced = await app.call('paced', { perSecond: PACE, seconds });
    await app.call('close');
    return measured;
  });
}

async function measureVerification({ entries, verifications }, progress) {
  return withApp('trail', async (app, directory) => {
    for (let filled = 0; filled < entries; filled += 20_000) {
      progress(`trail: ${filled} entries to verify`);
      await app.call('fill', { count: Math.min(20_000, entries - filled) });
    }
    const { last, bytes } = await app.call('close');
    const found = [];
    for (let run = 0; run < verifications; run++) {
      progress(`trail: verification ${run + 1}/${verifications}`);
      const auditor = new Remote(new URL('trail/verifier.mjs', import.meta.url), {
        execArgv: ['--expose-gc'],
      });
      try {
        found.push(await auditor.call('verify', { file: join(directory, 'audit.db') }));
      } finally {
        auditor.stop();
      }
    }
    const of = (measure) => sample(found.map((one) => one[measure]));
    return {
      entries: last,
      perEntry: bytes / last,
      perSecond: of('perSecond'),
      heap: of('heap'),
      rss: of('rss'),
    };
  });
}

/** On the disk of the system's temporary files, which decides what a commit costs. */
async function withApp(variant, body) {
  const directory = mkdtempSync(join(tmpdir(), 'bench-trail-'));
  const app = new Remote(new URL('trail/app.mjs', import.meta.url));
  try {
    await app.call('start', { variant, directory });
    const result = await body(app, directory);
    await app.call('remove');
    return result;
  } finally {
    app.stop();
  }
}
