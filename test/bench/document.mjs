import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { machineFacts } from './machine.mjs';
import { PARTS } from './parts.mjs';
import { summaryTables } from './summary.mjs';
import { targetsTable } from './targets.mjs';

const ROOT = new URL('../../', import.meta.url);
const MARKERS = { start: '<!-- bench:start -->', end: '<!-- bench:end -->' };

/** Writes `docs/benchmarks.md`. @param {Record<string, any>} results of all parts */
export async function writeDocument(results) {
  await mkdir(new URL('docs/', ROOT), { recursive: true });
  await writeFile(new URL('docs/benchmarks.md', ROOT), document(results));
}

/** Replaces what stands between the markers of the README, where it has them. @returns whether it has */
export async function writeReadme(results) {
  const file = new URL('README.md', ROOT);
  const readme = await readFile(file, 'utf8').catch(() => '');
  const start = readme.indexOf(MARKERS.start);
  const end = readme.indexOf(MARKERS.end);
  if (start < 0 || end < start) return false;
  const before = readme.slice(0, start + MARKERS.start.length);
  await writeFile(file, `${before}\n\n${summaryTables(results)}\n\n${readme.slice(end)}`);
  return true;
}

/** @param {Record<string, any>} results of the parts that ran */
export function allTargets(results) {
  return Object.entries(results).flatMap(([key, result]) => PARTS[key].report.targets(result));
}

function document(results) {
  return `# Benchmarks

Written by \`npm run bench\`, not by hand. Absolute numbers are those of one small machine, which had other work to do;
ratios within the run are what travels. Every number is a median, with the quartiles beside it as its spread.

${machineFacts()
  .map((fact) => `- ${fact}`)
  .join('\n')}

## Targets

"Unclear" means that the limit lies between the quartiles: this run cannot tell.

${targetsTable(allTargets(results))}

${Object.entries(results)
  .map(([key, result]) => section(PARTS[key], result))
  .join('\n\n')}
`;
}

function section({ title, intro, report }, result) {
  return [
    `## ${title}`,
    ...(intro ? [intro] : []),
    ...report.tables(result).map((one) => `**${one.title}**\n\n${one.text}`),
    'How it is measured:',
    report.about,
  ].join('\n\n');
}
