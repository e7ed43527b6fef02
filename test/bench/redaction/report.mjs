import { micros, spread } from '../numbers.mjs';
import { table } from '../table.mjs';
import { atMost } from '../targets.mjs';

export const about = `\
- The same record in an app that hides secrets, which is the default, and in one with \`redact: false\`, in turns, in one
  process; an observer reads each. The fastest of many short turns counts: other work only makes a turn slower.
- 96 KiB of digits are three texts of the longest length. Those in groups begin as a card does, and none of them is one.`;

export function tables(results) {
  return [
    {
      title: 'a record with and without looking for secrets',
      text: table(
        ['record', 'hidden, µs', 'quartiles', '`redact: false`, µs', 'quartiles', 'ratio'],
        results.map(({ name, hidden, shown, ratio }) => [
          name,
          ...micro(hidden),
          ...micro(shown),
          ratio.median.toFixed(2),
        ]),
      ),
    },
  ];
}

export function targets(results) {
  const of = (key) => results.find((result) => result.key === key);
  return [
    atMost(5, 'ms', 2, inMillis(of('digits').hidden), 'a record of 96 KiB of digits'),
    atMost(5, 'ms', 2, inMillis(of('cards').hidden), 'a record of 96 KiB of digits in groups'),
  ];
}

function micro({ median, low, high }) {
  return [micros(median / 1_000), spread({ low: low / 1_000, high: high / 1_000 }, 2)];
}

function inMillis({ median, low, high }) {
  return { median: median / 1e6, low: low / 1e6, high: high / 1e6 };
}
