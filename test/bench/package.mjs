import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ratio, rotated, sample } from './measure.mjs';

const run = promisify(execFile);

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PROGRAM = fileURLToPath(new URL('package/import.mjs', import.meta.url));

const OURS = 'nestjs-log-stream';
/** A package of Nest's own that is about as small as one gets. */
const BASE = '@nestjs/schedule';
const NAMES = [OURS, BASE, 'nestjs-pino'];

/**
 * What importing costs an app that has Nest anyway, each in a process of its own; and what is published.
 *
 * @param {{ processes: number }} effort
 */
export async function measurePackage({ processes }, progress) {
  const runs = new Map(NAMES.map((name) => [name, []]));
  for (let round = 0; round < processes; round++) {
    progress(`package: process ${round + 1}/${processes}`);
    for (const name of rotated(NAMES, round)) {
      const { stdout } = await run(process.execPath, ['--expose-gc', PROGRAM, name], { cwd: ROOT });
      runs.get(name).push(JSON.parse(stdout));
    }
  }
  const times = (name) => runs.get(name).map(({ ms }) => ms);
  return {
    imports: NAMES.map((name) => ({
      name,
      ms: sample(times(name)),
      heap: sample(runs.get(name).map(({ heap }) => heap)),
      ofBase: ratio(times(name), times(BASE)),
    })),
    published: await published(),
  };
}

/** What npm would pack, as the build has left it. */
async function published() {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT });
  const [{ files }] = JSON.parse(stdout);
  const code = files.filter(({ path }) => path.startsWith('dist/') && !path.endsWith('.map'));
  return { files: files.length, codeBytes: sum(code), bytes: sum(files) };
}

function sum(files) {
  return files.reduce((total, { size }) => total + size, 0);
}
