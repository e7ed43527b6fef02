import { CASES } from '../dashboard.mjs';
import { ranged } from '../numbers.mjs';
import { table } from '../table.mjs';
import { atMost, times } from '../targets.mjs';

const MIB = 1 / 2 ** 20;

export const about = `\
- The dashboard at 1440x900 in a headless Chromium without a graphics card, which draws in software on the same cores as the app that
  logs. A frame takes 16.7 ms at best; times are those between two calls of \`requestAnimationFrame\`.
- One page a round: first nothing is logged, then 40,000 lines as fast as the app can, then 500 lines/s while the page
  holds the 20,000 records that it keeps. A case ends when its last line is in view.
- The heap is that of the page's JavaScript at the end, after a collection of garbage.`;

export function tables(results) {
  if (results.skipped) return [{ title: 'frames of the dashboard', text: `Skipped: ${results.skipped}.` }];
  const { version, cases, burst, heap } = results;
  return [
    {
      title: `time from frame to frame in milliseconds, with quartiles over the rounds (Chromium ${version})`,
      text: table(
        ['', 'median', 'p99', 'worst'],
        Object.entries(CASES).map(([key, title]) => [
          title,
          ranged(cases[key].median, 1),
          ranged(cases[key].p99, 1),
          ranged(cases[key].worst, 0),
        ]),
      ),
    },
    {
      title: 'the page',
      text: table(
        ['', 'with quartiles'],
        [
          ['from the first of 40,000 lines logged to the last one in view, ms', ranged(burst, 0)],
          ['JavaScript heap at the end, MiB', ranged(times(MIB, heap), 1)],
        ],
      ),
    },
  ];
}

export function targets(results) {
  if (results.skipped) return [];
  const { cases, heap } = results;
  return [
    atMost(17, 'ms', 1, cases.burst.median, 'dashboard, a burst of 40,000 lines: median frame'),
    atMost(100, 'ms', 0, cases.burst.worst, 'dashboard, a burst of 40,000 lines: worst frame'),
    atMost(34, 'ms', 1, cases.steady.p99, 'dashboard, 500 lines/s: p99 frame'),
    atMost(100, 'MiB', 1, times(MIB, heap), 'dashboard, all records held that it keeps: heap'),
  ];
}
