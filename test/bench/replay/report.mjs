import { ranged, whole } from '../numbers.mjs';
import { table } from '../table.mjs';
import { atMost } from '../targets.mjs';

export const about = `\
- The history is full (10,000 records, default options) and nothing is logged. A client connects and asks for all of it; every
  record must arrive, and no more. CPU is that of the server process from before the connect until everything was read; time
  ends with the last byte.
- The first replay of a process runs code that V8 has not compiled yet; the later ones are what a process that is watched
  pays.`;

export function tables(kinds) {
  return [
    {
      title: 'replay of 10,000 records to one client, with quartiles',
      text: table(
        ['', 'server CPU, ms', 'time, ms', 'bytes'],
        rowsOf(kinds).map(({ name, cpu, wall, bytes }) => [
          name,
          ranged(cpu, 0),
          ranged(wall, 0),
          whole(bytes),
        ]),
      ),
    },
  ];
}

export function targets(kinds) {
  return rowsOf(kinds).map(({ name, cpu }) =>
    atMost(100, 'ms', 0, cpu, `replay of 10,000 records, ${name}: server CPU`),
  );
}

function rowsOf(kinds) {
  return kinds.flatMap(({ name, first, later }) => [
    { name, ...later },
    { name: `${name}, first of a process`, ...first },
  ]);
}
