/**
 * `npm run bench`: measures, prints and writes `docs/benchmarks.md` and the table of the README.
 *
 *     --quick   some seconds, to see that everything works; the numbers mean little and nothing is written
 *     --full    more and longer rounds, 1000 clients above all; nothing is written
 *     --only <part>   prints one part; nothing is written
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { allTargets, writeDocument, writeReadme } from './document.mjs';
import { machineFacts } from './machine.mjs';
import { PARTS } from './parts.mjs';
import { targetsTable } from './targets.mjs';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
if (values.only !== undefined && !Object.hasOwn(PARTS, values.only)) {
  throw new Error(`--only must be one of ${Object.keys(PARTS).join(', ')}, but is ${values.only}`);
}

let last = '';
const progress = (text) => {
  // On a terminal the steps replace each other; in a log only the parts are worth a line.
  if (process.stderr.isTTY) process.stderr.write(`\r${text.padEnd(last.length)}`);
  last = text;
};

const load = () => `load average ${loadavg()[0].toFixed(2)}`;

const started = performance.now();
console.log(`${machineFacts().join('\n')}\n${load()}`);
const results = {};
for (const [key, { title, measure, effort, report }] of Object.entries(PARTS)) {
  if (values.only !== undefined && values.only !== key) continue;
  const start = performance.now();
  const { quick, usual, full = usual } = effort;
  results[key] = await measure(values.quick ? quick : values.full ? full : usual, progress);
  progress('');
  console.log(`\n# ${title} (${((performance.now() - start) / 1000).toFixed(0)} s, ${load()})`);
  for (const table of report.tables(results[key])) console.log(`\n${table.title}\n\n${table.text}`);
}
if (!values.quick) console.log(`\n${targetsTable(allTargets(results))}`);
console.log(`\nTook ${((performance.now() - started) / 1000).toFixed(0)} s.`);

if (!values.quick && !values.full && values.only === undefined) {
  await writeDocument(results);
  const inReadme = await writeReadme(results);
  console.log(`Wrote docs/benchmarks.md${inReadme ? ' and the tables of README.md' : ''}.`);
}
