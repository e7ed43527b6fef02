/**
 * `npm run bench`: measures, prints and writes `docs/benchmarks.md` and the table of the README.
 *
 *     --quick   some seconds, to see that everything works; the numbers mean little and nothing is written
 *     --full    also 1000 clients
 *     --only hot-path | fan-out   prints one part; nothing is written
 */
import { parseArgs } from 'node:util';
import { writeDocument, writeReadme } from './document.mjs';
import { measureFanOut } from './fan-out.mjs';
import { measureHotPath } from './hot-path.mjs';
import { machineFacts } from './machine.mjs';
import { fanOutTables, hotPathTables, targetsTable } from './report.mjs';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
if (values.only !== undefined && !['hot-path', 'fan-out'].includes(values.only)) {
  throw new Error(`--only must be hot-path or fan-out, but is ${values.only}`);
}

const effort = values.quick
  ? {
      hotPath: { processes: 1, rounds: 1, roundMs: 5, warmUpCalls: 1_000 },
      fanOut: { rounds: 1, deliveries: 2_000, warmUpBursts: 2, seconds: 0.2, slow: false },
    }
  : {
      hotPath: { processes: 3, rounds: 5, roundMs: 40, warmUpCalls: 15_000 },
      fanOut: { rounds: 5, deliveries: 100_000, warmUpBursts: 150, seconds: 2, slow: values.full },
    };

const print = (tables) => {
  for (const { title, text } of tables) console.log(`\n${title}\n\n${text}`);
};

let last = '';
const progress = (text) => {
  // On a terminal the steps replace each other; in a log only the parts are worth a line.
  if (process.stderr.isTTY) process.stderr.write(`\r${text.padEnd(last.length)}`);
  last = text;
};

const started = performance.now();
console.log(machineFacts().join('\n'));
const results = {};
if (values.only !== 'fan-out') {
  results.hotPath = await measureHotPath(effort.hotPath, progress);
  progress('');
  print(hotPathTables(results));
}
if (values.only !== 'hot-path') {
  results.fanOut = await measureFanOut(effort.fanOut, progress);
  progress('');
  print(fanOutTables(results));
}
if (!values.quick) console.log(`\n${targetsTable(results)}`);
console.log(`\nTook ${((performance.now() - started) / 1000).toFixed(0)} s.`);

if (!values.quick && values.only === undefined) {
  await writeDocument(results);
  const inReadme = await writeReadme(results);
  console.log(`Wrote docs/benchmarks.md${inReadme ? ' and the table of README.md' : ''}.`);
}
