import { LINES } from '../hot-path.mjs';
import { spread } from '../numbers.mjs';
import { table } from '../table.mjs';
import { atMost } from '../targets.mjs';

export const about = `\
- The path that apps use: \`new Logger('InstancesService').log(...)\` of \`@nestjs/common\`, in an application context set up as
  each package's README says. The row "over nothing" is Nest's \`Logger\` in front of a logger whose methods are empty: every
  other row contains it.
- Each logger runs in a process of its own, as in an app; several such processes per logger, all up at the same time, take
  turns of some 40 ms. Ratios compare turns of the same round.
- Standard output is /dev/null for all of them: consoles and pino (its usual synchronous destination) pay for one real
  \`write\` system call a line, and no terminal or pipe decides how long it takes. In production that takes longer.
- nestjs-pino is measured with its \`NativeLogger\`, which keeps Nest 12's structured params; its plain \`Logger\` drops them.
- The history of ours is full (10,000 records), so every call also evicts one.
- CPU is that of the whole process, the garbage collector's threads included, and leaves out the time that a call waited for a
  core; "time" is what the caller waited, and is only worth reading when the machine had nothing else to do.`;

export function tables(results) {
  return Object.entries(LINES).map(([line, title]) => ({
    title,
    text: table(
      ['logger', 'CPU ns a call', 'quartiles', 'to `ConsoleLogger`', 'quartiles', 'time, ns'],
      results
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

export function targets(results) {
  return [
    atMost(
      300,
      'ns',
      0,
      textLine(results, 'false-never').cpu,
      'a call over `false`, caller `never`, history on',
    ),
    atMost(
      1.1,
      'times',
      2,
      textLine(results, 'console-never').ratio,
      'a call over `ConsoleLogger`, caller `never`, to one of it alone',
    ),
  ];
}

export function textLine(results, key) {
  return results.find((result) => result.key === key && result.line === 'text');
}
