import { millis, percent, ranged, spread, whole } from '../numbers.mjs';
import { table } from '../table.mjs';
import { atLeast, atMost } from '../targets.mjs';
import { LINES_PER_REQUEST } from './orders.mjs';

export const about = `\
- A Nest app with one route, which logs ${LINES_PER_REQUEST} lines a request through \`new Logger('OrdersController')\`, three of them with params.
  Standard output is /dev/null for all loggers. nestjs-pino runs its middleware, but without a line of its own per request.
  Ours runs with its defaults, history and the lookup of the caller included, and once more with \`caller: 'never'\`.
- Requests come from another process over bare kept-alive sockets (Node's own HTTP client takes more CPU for a request than
  Fastify for the answer); watchers live in a third one. Each answer is checked and counted.
- Closed loop: 16 connections, each asks again when it has its answer. Fixed rate: requests are due every millisecond and
  their latency counts from when they were due, so that a request that had to wait for others counts as late; the generator's own
  timer is part of that and of every row: see the last column, its median lateness.
- CPU is that of the server process per request, what is handed to the watchers included. On a machine of two cores, the load
  generator and the reading of the watchers compete with the server in the closed loop: that share of a lost
  throughput is not the server's, and CPU per request is the better number there.
- "got all" is the share of watchers that have got every line of every request. Who cannot read as fast as is logged loses its
  place when the history has passed it, is told, and is counted here.`;

export function tables(platforms) {
  return platforms.flatMap(({ name: platform, variants }) => [
    {
      title: `${platform}, closed loop`,
      text: table(
        [
          'logger',
          'requests/s',
          'quartiles',
          'to `ConsoleLogger`',
          'p50, ms',
          'p99, ms',
          'CPU us a request',
          'got all',
        ],
        variants.map(({ name, watchers, closed }) => [
          name,
          whole(closed.perSecond.median),
          spread(closed.perSecond, 0),
          ranged(closed.toConsole, 2),
          millis(closed.p50.median),
          millis(closed.p99.median),
          closed.cpu.median.toFixed(0),
          watchers > 0 ? percent(closed.complete, 0) : '-',
        ]),
      ),
    },
    {
      title: `${platform}, 1000 requests/s`,
      text: table(
        [
          'logger',
          'p50, ms',
          'p99, ms',
          'quartiles',
          'p99 to nobody watching',
          'CPU us a request',
          'got all',
          'generator late, ms',
        ],
        variants.map(({ name, watchers, paced }) => [
          name,
          millis(paced.p50.median),
          millis(paced.p99.median),
          spread(paced.p99, 2),
          watchers > 0 ? ranged(paced.toUnwatched, 2) : '-',
          paced.cpu.median.toFixed(0),
          watchers > 0 ? percent(paced.complete, 0) : '-',
          millis(paced.late.median),
        ]),
      ),
    },
  ]);
}

export function targets(platforms) {
  return platforms.flatMap(({ name: platform, variants }) =>
    ['ours-always', 'ours-never'].flatMap((logger) => {
      const { closed, paced } = variant(variants, logger, 100);
      const caller = logger === 'ours-never' ? ', caller `never`' : '';
      return [
        lossless(
          paced,
          atMost(
            1.5,
            'times',
            2,
            paced.toUnwatched,
            `${platform}, 1000 requests/s${caller}, 100 watchers: p99 to nobody watching`,
          ),
        ),
        lossless(
          closed,
          atLeast(
            0.6,
            'times',
            2,
            closed.toConsole,
            `${platform}, closed loop${caller}, 100 watchers: throughput to \`ConsoleLogger\``,
          ),
        ),
      ];
    }),
  );
}

export function variant(variants, logger, watchers) {
  return variants.find((one) => one.logger === logger && one.watchers === watchers);
}

/** A target that was reached by leaving watchers behind was not reached. */
function lossless({ complete }, target) {
  return complete < 1 ? { ...target, met: 'no' } : target;
}
