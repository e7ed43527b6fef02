import { millis, percent, ranged } from '../numbers.mjs';
import { table } from '../table.mjs';
import { atMost, times } from '../targets.mjs';

const KIB = 1 / 1024;

const MEMORY = {
  rss: 'resident memory of the process (RSS)',
  heapUsed: 'JavaScript heap',
  external: 'outside of the heap (buffers)',
  backlog: 'waiting in its socket, in buffers that those of a group share',
};

const LATENCIES = { p50: 'median', p99: 'p99', worst: 'worst' };

const PHASES = { filling: 'while they fill up, worst half second', full: 'when they take nothing any more' };

export const about = `\
- 100 plain clients connect and never read; one plain client reads everything. 10,000 lines/s are logged with default options:
  without clients until the history is full, then until no socket takes more, then for the seconds that are measured.
- Memory is read after a collection of garbage, before the clients come and at the end, and compared with the same run
  without the stalled ones; each in a process of its own. What the kernel holds for their sockets is not part of it.
- Each line holds the time of its log call by the machine's monotonic clock; the client takes the difference, so a latency
  contains the window of 20 ms in which lines are gathered. It must read every line, in order.`;

export function tables({ perClient, filling, full }) {
  const phases = Object.entries({ filling, full });
  return [
    {
      title: 'memory of the server per stalled client, in KiB, with quartiles',
      text: table(
        ['', 'KiB'],
        Object.entries(MEMORY).map(([name, title]) => [title, ranged(times(KIB, perClient[name]), 1)]),
      ),
    },
    {
      title: 'delivery to a client that reads, in milliseconds',
      text: table(
        ['', 'without', 'with 100 stalled', 'ratio, with quartiles'],
        phases.flatMap(([phase, measured]) =>
          Object.entries(LATENCIES).map(([name, title]) => [
            `${title}, ${PHASES[phase]}`,
            millis(measured[name].without.median),
            millis(measured[name].stalled.median),
            ranged(measured[name].ratio, 2),
          ]),
        ),
      ),
    },
    {
      title: 'share of one core that the server takes',
      text: table(
        ['', 'without', 'with 100 stalled'],
        phases.map(([phase, { core }]) => [
          PHASES[phase],
          percent(core.without.median),
          percent(core.stalled.median),
        ]),
      ),
    },
  ];
}

export function targets({ perClient, full }) {
  return [
    atMost(
      1024,
      'KiB',
      1,
      times(KIB, perClient.rss),
      '100 stalled clients, 10,000 lines/s: server memory for each',
    ),
    atMost(1.2, 'times', 2, full.p99.ratio, '100 stalled clients: p99 of a client that reads'),
  ];
}
