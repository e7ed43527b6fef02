import { millis, percent, ranged, spread, whole } from '../numbers.mjs';
import { table } from '../table.mjs';
import { atMost, times } from '../targets.mjs';
import { LINES_PER_REQUEST } from './orders.mjs';

export const about = `\
- A Nest app with one route, which logs ${LINES_PER_REQUEST} lines a request through \`new Logger('OrdersController')\`, four of them with params.
  Standard output is /dev/null for all loggers. nestjs-pino runs its middleware, but without a line of its own per request.
  Each logger has a process of its own, all are measured in turns, and ours is compared to the logger that it prints with.
- The server has a core to itself (\`taskset\`); on the other one live who asks, over bare kept-alive sockets (Node's own HTTP
  client takes more CPU for a request than Fastify for the answer), and who watches. Each answer is checked and counted.
- CPU is that of the server process per request, its collector's threads and what is handed to the watchers included; "GC" is the
  part that the collector stops the app for. Closed loop: 16 connections, each asks again when it has its answer.
- Fixed rate: half of what the app with \`ConsoleLogger\` alone can do. Latencies count from when a request was due, so that one that
  had to wait for others counts as late; the generator's own timer is part of that, see the last column, its median lateness.
- Memory is the heap and the buffers after a forced collection, at the end of each round.
- Watchers are extended clients, one of them in a row of its own a plain one: its format has the caller in each line.
- Start is from \`NestFactory.create\` to \`listen\`, in a fresh process; the import of the package is not in it.
- "got all" is the share of watchers that have got every line of every request. Who cannot read as fast as is logged loses its
  place when the history has passed it, is told, and is counted here.`;

export function tables({ platforms, routes, quiet }) {
  return [...platforms.flatMap(loads), routesTable(routes), quietTable(quiet)];
}

function routesTable(routes) {
  return {
    title: 'Express, closed loop, other routes',
    text: table(
      ['what a request does', 'logger', 'CPU us a request', 'quartiles', 'CPU to the first of its kind'],
      routes.map(({ route, name, cpu, toBase }) => [
        route,
        name,
        cpu.median.toFixed(0),
        spread(cpu, 0),
        ranged(toBase, 2),
      ]),
    ),
  };
}

function quietTable(quiet) {
  return {
    title: 'Express, an app in which nothing happens',
    text: table(
      ['logger', 'ms to start', 'memory, MB', 'CPU us a second'],
      quiet.map(({ name, boot, memory, cpu }) => [
        name,
        ranged(boot, 0),
        megabytes(memory.median),
        ranged(cpu, 0),
      ]),
    ),
  };
}

function loads({ name: platform, perSecond, variants }) {
  return [
    {
      title: `${platform}, closed loop`,
      text: table(
        [
          'logger',
          'requests/s',
          'p99, ms',
          'CPU us a request',
          'quartiles',
          'CPU to its logger alone',
          'GC us a request',
          'memory, MB',
          'over its logger',
          'got all',
        ],
        variants.map(({ name, watchers, closed, memory }) => [
          name,
          whole(closed.perSecond.median),
          millis(closed.p99.median),
          closed.cpu.median.toFixed(0),
          spread(closed.cpu, 0),
          ranged(closed.cpuToAlone, 2),
          closed.collector.median.toFixed(1),
          megabytes(memory.median),
          megabytes(memory.overAlone.median),
          got(watchers, closed),
        ]),
      ),
    },
    {
      title: `${platform}, ${whole(perSecond)} requests/s`,
      text: table(
        [
          'logger',
          'p50, ms',
          'p99, ms',
          'quartiles',
          'p99 to its logger alone',
          'CPU us a request',
          'CPU to its logger alone',
          'got all',
          'generator late, ms',
        ],
        variants.map(({ name, watchers, paced }) => [
          name,
          millis(paced.p50.median),
          millis(paced.p99.median),
          spread(paced.p99, 2),
          ranged(paced.p99ToAlone, 2),
          paced.cpu.median.toFixed(0),
          ranged(paced.cpuToAlone, 2),
          got(watchers, paced),
          millis(paced.late.median),
        ]),
      ),
    },
  ];
}

export function targets({ platforms }) {
  return platforms.flatMap(({ name: platform, variants }) => {
    const of = (logger, watchers = 0) => variant(variants, logger, watchers);
    const cpu = (limit, logger, what) =>
      atMost(limit, 'times', 2, of(logger).closed.cpuToAlone, `${platform}, ${what}: CPU a request`);
    const ours = of('ours');
    const one = of('ours', 1);
    const many = of('ours', 100);
    return [
      cpu(1.25, 'ours', 'nobody watching, to `ConsoleLogger`'),
      cpu(1.2, 'ours-never', 'the same, caller `never`'),
      cpu(1.06, 'ours-bare', 'the same, no history either'),
      cpu(1.25, 'ours-pino', 'nobody watching, to nestjs-pino'),
      atMost(
        1.3,
        'times',
        2,
        ours.paced.p99ToAlone,
        `${platform}, nobody watching: p99 to \`ConsoleLogger\``,
      ),
      atMost(25, 'MB', 1, times(1e-6, ours.memory.overAlone), `${platform}: memory over \`ConsoleLogger\``),
      lossless(
        one.closed,
        atMost(
          1.15,
          'times',
          2,
          one.closed.cpuToUnwatched,
          `${platform}, 1 watching: CPU a request to nobody watching`,
        ),
      ),
      lossless(
        many.paced,
        atMost(
          1.5,
          'times',
          2,
          many.paced.p99ToUnwatched,
          `${platform}, 100 watching: p99 to nobody watching`,
        ),
      ),
    ];
  });
}

/** @param {string} [format] of the watchers */
export function variant(variants, logger, watchers, format = 'extended') {
  return variants.find(
    (one) => one.logger === logger && one.watchers === watchers && (watchers === 0 || one.format === format),
  );
}

function got(watchers, { complete }) {
  return watchers > 0 ? percent(complete, 0) : '-';
}

function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}

/** A target that was reached by leaving watchers behind was not reached. */
function lossless({ complete }, target) {
  return complete < 1 ? { ...target, met: 'no' } : target;
}
