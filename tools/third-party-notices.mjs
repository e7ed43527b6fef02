import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

const NODE_MODULES = `${sep}node_modules${sep}`;

const LICENSE_FILE = /^(?:licen[cs]e|notice|copying)(?:[.-].*)?$/i;

/**
 * Writes down whose code went into a bundle, with their licences, which ask for that.
 *
 * @param {string} file where to; several builds append to one, which the first of them has cleared away
 * @returns {import('rolldown').Plugin} for Rolldown and Vite
 */
export function thirdPartyNotices(file) {
  const told = new Set();
  return {
    name: 'third-party-notices',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        for (const [id, { renderedLength }] of Object.entries(chunk.modules)) {
          const folder = renderedLength > 0 ? packageFolder(id) : undefined;
          if (!folder || told.has(folder)) continue;
          told.add(folder);
          mkdirSync(dirname(file), { recursive: true });
          appendFileSync(file, notice(folder));
        }
      }
    },
  };
}

/** @returns {string | undefined} `undefined` for what is our own */
function packageFolder(/** @type {string} */ id) {
  // What the bundler adds itself, as the code behind a decorator, has no file; it is Rolldown's, also within Vite.
  if (id.startsWith('\0')) return join('node_modules', 'rolldown');
  const start = id.lastIndexOf(NODE_MODULES);
  if (start < 0) return undefined;
  const path = id.slice(start + NODE_MODULES.length).split(sep);
  const name = path.slice(0, path[0].startsWith('@') ? 2 : 1);
  return join(id.slice(0, start), 'node_modules', ...name);
}

/** @returns {string} */
function notice(/** @type {string} */ folder) {
  const manifest = readFileSync(join(folder, 'package.json'), 'utf8');
  const { name, version, license } = JSON.parse(manifest);
  const texts = readdirSync(folder)
    .filter((entry) => LICENSE_FILE.test(entry))
    .map((entry) => readFileSync(join(folder, entry), 'utf8').trim());
  if (texts.length === 0) throw new Error(`${name} has no licence file, and its code was bundled`);
  return `${name} ${version} (${license})\n\n${texts.join('\n\n')}\n\n${'-'.repeat(80)}\n\n`;
}
