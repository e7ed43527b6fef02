import { micros, percent, ranged, spread } from '../numbers.mjs';
import { table } from '../table.mjs';
import { atLeast, atMost, inverse, times } from '../targets.mjs';

export const about = `\
- CPU is \`process.cpuUsage()\` of the server process, user and system, from the log calls to the last byte handed to the
  kernel. All clients live in one other process, as bare sockets that count frames by their headers and leave
  the payload alone.
- Every client must have got exactly as many lines as were logged, no fewer and no more, or the run fails: a loss cannot look
  like speed.
- All peers get their lines from the same calls of Nest's \`Logger\` with a message and three params; ours over \`logger: false\`
  with \`caller: 'never'\`, because no other peer prints or knows the caller. "\`ws.send\` per client" makes one
  \`JSON.stringify\` and one \`send\` per line and client. socket.io broadcasts with \`io.emit\` over its WebSocket transport. "raw
  TCP write" is the limit: ready bytes of the same size, one write per client and flush, no line logged or encoded.
- A tick is one turn of the event loop; ticks follow each other without a pause in bursts of 128 lines, with rests of 10 ms
  in which the clients catch up. Ours runs with \`flush: { windowMs: 0 }\` there, so that no flush holds more than one tick and
  sharing is all that is compared. With 1,000 clients ours lets the event loop run between 200 writes, so that the app is not
  held up; ticks that pass meanwhile share a write, which is how it comes below raw TCP. These cases are measured once in the
  default run, without a spread.
- The steady pace runs with the default window: raw TCP writes every 20 ms; ours lengthens its windows, up to 100 ms, where
  flushes would take more than 5 % of the time, as they do here. Lines are logged every 5 ms, as many as are due; waking up
  for that is part of every peer's share.`;

export function tables({ ticks, paced }) {
  const names = namesOf(ticks);
  return [
    {
      title: 'server CPU per delivery, in microseconds, with quartiles',
      text: table(
        ['', ...names],
        [...ticks, ...paced].map(({ name, peers }) => [
          name,
          ...peers.map(({ cpu }) => `${micros(cpu.median)} (${spread(cpu, 2)})`),
        ]),
      ),
    },
    {
      title: `how many times the CPU of ${names[0]}, with quartiles`,
      text: table(
        ['', ...names.slice(1)],
        [...ticks, ...paced].map(({ name, peers }) => [
          name,
          ...peers.slice(1).map(({ ratio }) => ranged(ratio, 2)),
        ]),
      ),
    },
    {
      title: 'share of one core at a steady pace',
      text: table(
        ['', ...names],
        paced.map(({ name, peers }) => [name, ...peers.map(({ core }) => percent(core.median))]),
      ),
    },
    {
      title: 'bytes a client got per line',
      text: table(
        ['', ...names],
        [...ticks, ...paced].map(({ name, peers }) => [name, ...peers.map(({ bytes }) => bytes.toFixed(0))]),
      ),
    },
  ];
}

export function targets({ ticks, paced }) {
  const many = peersOf(ticks, (one) => one.clients === 100 && one.lines === 16);
  const steady = peersOf(paced, (one) => one.clients === 100 && one.perSecond === 1000);
  return [
    atMost(0.6, 'us', 2, many.ours.cpu, '100 clients, 16 lines a tick: a delivery'),
    atMost(2.5, 'times', 2, inverse(many['raw-tcp'].ratio), '100 clients, 16 lines a tick: to raw TCP'),
    atLeast(
      10,
      'times',
      1,
      many.naive.ratio,
      '100 clients, 16 lines a tick: cheaper than `ws.send` per client',
    ),
    atLeast(10, 'times', 1, many['socket-io'].ratio, '100 clients, 16 lines a tick: cheaper than socket.io'),
    atMost(
      15,
      '%',
      1,
      times(100, inverse(steady.naive.ratio)),
      '1000 lines/s to 100 clients: of what `ws.send` uses',
    ),
    atMost(10, '%', 1, times(100, steady.ours.core), '1000 lines/s to 100 clients: share of a core'),
  ];
}

export function namesOf(results) {
  return results[0].peers.map(({ name }) => name);
}

function peersOf(results, matches) {
  const { peers } = results.find((result) => matches(result.case));
  return Object.fromEntries(peers.map((peer) => [peer.key, peer]));
}
