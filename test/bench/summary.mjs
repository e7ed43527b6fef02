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
  ['nestjs-log-stream over `ConsoleLogger`, nobody watching', 'ours', 0],
  ['1 watching', 'ours', 1],
  ['100 watching', 'ours', 100],
  ["`caller: 'never'`, nobody watching", 'ours-never', 0],
  ['nestjs-pino alone', 'pino', 0],
  ['nestjs-log-stream over nestjs-pino, nobody watching', 'ours-pino', 0],
];

/** @param {Record<string, any>} results of all parts */
export function summaryTables({ 'hot-path': hotPath, app, 'fan-out': fanOut }) {
  return [requests(app), calls(hotPath), deliveries(fanOut)].join('\n\n');
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
  const [{ name, perSecond, variants }] = app.platforms;
  return table(
    [
      `five lines a request, ${name}`,
      'CPU a request',
      'to its logger alone',
      `p99 at ${whole(perSecond)}/s`,
      'memory',
    ],
    APPS.map(([title, logger, watchers]) => {
      const { closed, paced, memory } = variant(variants, logger, watchers);
      return [
        title,
        `${closed.cpu.median.toFixed(0)} us`,
        `${closed.cpuToAlone.median.toFixed(2)} x`,
        `${millis(paced.p99.median)} ms`,
        `${(memory.median / 1e6).toFixed(0)} MB`,
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
