import { LINES } from './hot-path.mjs';
import { PEERS } from './peers/index.mjs';
import { table } from './table.mjs';
import { fanOutTargets, hotPathTargets } from './targets.mjs';

const OTHERS = Object.keys(PEERS).filter((key) => key !== 'ours');

/**
 * @typedef {object} Results of the parts that ran
 * @property {Awaited<ReturnType<typeof import('./hot-path.mjs').measureHotPath>>} [hotPath]
 * @property {Awaited<ReturnType<typeof import('./fan-out.mjs').measureFanOut>>} [fanOut]
 */

/** @param {Results} results */
export function hotPathTables({ hotPath }) {
  return Object.entries(LINES).map(([line, title]) => ({
    title,
    text: table(
      ['logger', 'CPU ns a call', 'quartiles', 'to `ConsoleLogger`', 'quartiles', 'time, ns'],
      hotPath
        .filter((result) => result.line === line)
        .map(({ name, wall, cpu, ratio }) => [
          name,
          cpu.median.toFixed(0),
          spread(cpu, 0),
          ratio.median.toFixed(2),
          spread(ratio, 2),
          wall.median.toFixed(0),
        ]),
    ),
  }));
}

/** @param {Results} results */
export function fanOutTables({ fanOut: { ticks, paced } }) {
  return [
    {
      title: 'server CPU per delivery, in microseconds, with quartiles',
      text: table(
        ['', ...Object.values(PEERS)],
        ticks.map(({ name, peers }) => [
          name,
          ...peers.map(({ cpu }) => `${micros(cpu.median)} (${spread(cpu, 2)})`),
        ]),
      ),
    },
    {
      title: 'how many times the CPU of ours, with quartiles',
      text: table(
        ['', ...OTHERS.map((key) => PEERS[key])],
        [...ticks, ...paced].map(({ name, peers }) => [
          name,
          ...others(peers).map(({ ratio }) => `${micros(ratio.median)} (${spread(ratio, 2)})`),
        ]),
      ),
    },
    {
      title: 'share of one core at a steady pace',
      text: table(
        ['', ...Object.values(PEERS)],
        paced.map(({ name, peers }) => [
          name,
          ...peers.map(({ core }) => `${(100 * core.median).toFixed(1)} %`),
        ]),
      ),
    },
    {
      title: 'bytes a client got per line',
      text: table(
        ['', ...Object.values(PEERS)],
        [...ticks, ...paced].map(({ name, peers }) => [name, ...peers.map(({ bytes }) => bytes.toFixed(0))]),
      ),
    },
  ];
}

/** @param {Results} results */
export function targetsTable({ hotPath, fanOut }) {
  const targets = [...(hotPath ? hotPathTargets(hotPath) : []), ...(fanOut ? fanOutTargets(fanOut) : [])];
  return table(
    ['target', 'limit', 'measured', 'quartiles', 'met'],
    targets.map(({ what, limit, measured, spread, met }) => [what, limit, measured, spread, met]),
  );
}

/** The few numbers for the README. */
export function summaryTable({ hotPath, fanOut }) {
  const text = (key) => hotPath.find((result) => result.key === key && result.line === 'text');
  const call = (title, key) => [
    title,
    `${text(key).cpu.median.toFixed(0)} ns`,
    `${text(key).ratio.median.toFixed(2)} x`,
  ];
  const calls = table(
    ['one log call, nobody watching', 'CPU', 'to `ConsoleLogger`'],
    [
      call('`ConsoleLogger` alone', 'console'),
      call('nestjs-pino', 'pino'),
      call('nestjs-log-stream over `ConsoleLogger`', 'console-always'),
      call("nestjs-log-stream over `ConsoleLogger`, `caller: 'watched'`", 'console-watched'),
      call("nestjs-log-stream over `false`, `caller: 'watched'`", 'false-watched'),
    ],
  );
  const deliveries = table(
    ['server CPU per delivery', 'nestjs-log-stream', ...OTHERS.map((key) => PEERS[key])],
    fanOut.ticks.map(({ name, peers }) => [name, ...peers.map(({ cpu }) => `${micros(cpu.median)} us`)]),
  );
  return `${calls}\n\n${deliveries}`;
}

function others(peers) {
  return peers.filter(({ key }) => key !== 'ours');
}

function micros(value) {
  return value.toFixed(value < 10 ? 2 : 1);
}

function spread({ low, high }, digits) {
  return `${low.toFixed(digits)}-${high.toFixed(digits)}`;
}
