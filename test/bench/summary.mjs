import { variant } from './app/report.mjs';
import { namesOf } from './fan-out/report.mjs';
import { textLine } from './hot-path/report.mjs';
import { micros, millis, whole } from './numbers.mjs';
import { table } from './table.mjs';

/** Rows of the README, which shows the few numbers that tell most. */
const CALLS = [
  ['`ConsoleLogger` alone', 'console'],
  ['nestjs-pino', 'pino'],
  ['nestjs-log-stream over `ConsoleLogger`', 'console-always'],
  ["nestjs-log-stream over `ConsoleLogger`, `caller: 'never'`", 'console-never'],
];
const APPS = [
  ['`ConsoleLogger` alone', 'console', 0],
  ['nestjs-log-stream over `ConsoleLogger`, nobody watching', 'ours-always', 0],
  ['nestjs-log-stream over `ConsoleLogger`, 100 watching', 'ours-always', 100],
  ["the same with `caller: 'never'`", 'ours-never', 100],
];

/** @param {Record<string, any>} results of all parts */
export function summaryTables({ 'hot-path': hotPath, app, 'fan-out': fanOut }) {
  return [calls(hotPath), requests(app), deliveries(fanOut)].join('\n\n');
}

function calls(hotPath) {
  return table(
    ['one log call, nobody watching', 'CPU', 'to `ConsoleLogger`'],
    CALLS.map(([title, key]) => {
      const { cpu, ratio } = textLine(hotPath, key);
      return [title, `${cpu.median.toFixed(0)} ns`, `${ratio.median.toFixed(2)} x`];
    }),
  );
}

function requests(app) {
  const [{ name, variants }] = app;
  return table(
    [`five lines a request, ${name}`, 'requests/s', 'CPU a request', 'p99 at 1000/s'],
    APPS.map(([title, logger, watchers]) => {
      const { closed, paced } = variant(variants, logger, watchers);
      return [
        title,
        whole(closed.perSecond.median),
        `${closed.cpu.median.toFixed(0)} us`,
        `${millis(paced.p99.median)} ms`,
      ];
    }),
  );
}

function deliveries({ ticks }) {
  // Also where there is little to share, and little gained.
  const shown = ticks.filter(({ case: { clients } }) => clients === 100);
  return table(
    ['server CPU per delivery', ...namesOf(ticks)],
    shown.map(({ name, peers }) => [name, ...peers.map(({ cpu }) => `${micros(cpu.median)} us`)]),
  );
}
