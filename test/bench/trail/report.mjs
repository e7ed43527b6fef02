import { millis, ranged, spread, whole } from '../numbers.mjs';
import { table } from '../table.mjs';
import { atLeast, atMost, times } from '../targets.mjs';
import { PACE } from '../trail.mjs';

const KIB = 1 / 1024;

export const about = `\
- Callers of \`AuditLogger.log()\` in an app without a console (\`logger: false\`) and without the lookup of the caller. Each awaits its
  receipt and calls again at the next turn of the event loop. Each variant has a process and a file of its own, in every round.
- "Trail": defaults, so \`synchronous=FULL\`, a signature each 1,000 records, an anchor file. The receipt comes after the commit; the
  record is in the stream, too.
- "No trail": the receipt comes as soon as the record is in the stream; nothing is durable.
- "One transaction a record": what one writes first, \`node:sqlite\` in the main thread, with the same settings, a hash chain, two
  indexes and no stream. It blocks the event loop for each commit. What its commits cost is up to the disk: on one that takes
  milliseconds to flush, it falls behind far more than here.
- Event-loop delay is that of \`monitorEventLoopDelay\` with a resolution of 1 ms, which is part of every number. It is compared at the same
  rate: with as many calls as the callers can make, whoever is faster does more in each turn.
- Verification reads the file of a closed app, in a process of its own: hash chain, Merkle tree, signatures, anchors. The heap is what it
  grew by, after collections of garbage every 10,000 entries, whose time is not counted.`;

export function tables({ cases, verification }) {
  return [
    ...cases.map(({ name, variants }) => ({
      title:
        name === 'paced'
          ? `${whole(PACE)} records/s`
          : `${whole(name)} concurrent caller${name === 1 ? '' : 's'}`,
      text: table(
        [
          '',
          'acknowledged/s',
          'quartiles',
          'p50, ms',
          'p99, ms',
          'event-loop delay p99, ms',
          'to no trail',
          'CPU us a record',
          'records a commit',
        ],
        variants.map(({ key, name: title, perSecond, p50, p99, loop, loopToNone, cpu, perCommit }) => [
          title,
          whole(perSecond.median),
          spread(perSecond, 0),
          millis(p50.median),
          millis(p99.median),
          millis(loop.median),
          ranged(loopToNone, 2),
          cpu.median.toFixed(0),
          key === 'none' ? '-' : perCommit.median.toFixed(1),
        ]),
      ),
    })),
    {
      title: `verification of ${whole(verification.entries)} entries`,
      text: table(
        ['entries/s', 'quartiles', 'heap, KiB more', 'RSS, MiB', 'bytes an entry'],
        [
          [
            whole(verification.perSecond.median),
            spread(verification.perSecond, 0),
            whole(verification.heap.median * KIB),
            whole(verification.rss.median * KIB * KIB),
            whole(verification.perEntry),
          ],
        ],
      ),
    },
  ];
}

export function targets({ cases, verification }) {
  const trailOf = (name) =>
    cases.find((one) => one.name === name).variants.find(({ key }) => key === 'trail');
  return [
    atLeast(
      5,
      'thousand/s',
      1,
      times(1e-3, trailOf(1_000).perSecond),
      'audit trail, 1000 callers: acknowledged',
    ),
    atMost(
      1.5,
      'times',
      2,
      trailOf('paced').loopToNone,
      'audit trail, 5,000/s: p99 event-loop delay to that without a trail',
    ),
    atLeast(80, 'thousand/s', 1, times(1e-3, verification.perSecond), 'audit trail: verification'),
  ];
}
