import { ratio, sample } from './measure.mjs';
import { Remote } from './remote.mjs';

export const STALLED_CLIENTS = 100;
export const LINES_PER_SECOND = 10_000;

/** Longest that the clients' sockets may take to fill up, in {@link FILL_SECONDS}. */
const MOST_FILLS = 20;
const FILL_SECONDS = 0.5;

/** Collecting garbage before memory is read leaves what is really held. */
const EXPOSE_GC = { execArgv: ['--expose-gc'] };

/**
 * @typedef {object} Effort
 * @property {number} rounds
 * @property {number} clients that stall
 * @property {number} warmUpSeconds without clients, in which the history fills
 * @property {number} seconds with the stalled clients
 */

/**
 * What clients that stopped reading cost: memory of the server, and time of a client that reads. Each measurement
 * has a server of its own, with or without them, which otherwise does the same.
 *
 * @param {Effort} effort
 */
export async function measureStalled(effort, progress) {
  const without = [];
  const stalled = [];
  for (let round = 0; round < effort.rounds; round++) {
    // In turns, so that neither is always first.
    const turns = [
      { count: 0, into: without },
      { count: effort.clients, into: stalled },
    ];
    for (const { count, into } of round % 2 === 0 ? turns : turns.toReversed()) {
      progress(`stalled: ${count} clients, round ${round + 1}/${effort.rounds}`);
      into.push(await measureOnce(count, effort));
    }
  }
  const column = (rounds, phase, name) => rounds.map((one) => one[phase][name]);
  const perClient = (name) =>
    sample(stalled.map(({ growth }, round) => (growth[name] - without[round].growth[name]) / effort.clients));
  const latency = (phase, name) => ({
    without: sample(column(without, phase, name)),
    stalled: sample(column(stalled, phase, name)),
    ratio: ratio(column(stalled, phase, name), column(without, phase, name)),
  });
  return {
    perClient: Object.fromEntries(
      ['rss', 'heapUsed', 'external', 'backlog'].map((name) => [name, perClient(name)]),
    ),
    full: {
      p50: latency('full', 'p50'),
      p99: latency('full', 'p99'),
      worst: latency('full', 'worst'),
      core: latency('full', 'core'),
    },
    filling: {
      p50: latency('filling', 'p50'),
      p99: latency('filling', 'p99'),
      worst: latency('filling', 'worst'),
      core: latency('filling', 'core'),
    },
  };
}

async function measureOnce(count, { warmUpSeconds, seconds }) {
  const server = new Remote(new URL('stalled/server.mjs', import.meta.url), EXPOSE_GC);
  const clients = new Remote(new URL('stalled/clients.mjs', import.meta.url));
  const paced = async (time) => {
    const { lines, cpu, wall } = await server.call('pace', { seconds: time, perSecond: LINES_PER_SECOND });
    return { ...(await clients.call('arrived', { lines })), core: cpu / wall };
  };
  try {
    const address = await server.call('start');
    await server.call('pace', { seconds: warmUpSeconds, perSecond: LINES_PER_SECOND });
    const before = await server.call('memory');
    await clients.call('connect', { ...address, count });
    await server.call('watched', { clients: count + 1 });
    const filling = await fill(server, paced);
    const full = await paced(seconds);
    const after = await server.call('memory');
    if (after.clients !== count + 1) throw new Error(`${count + 1 - after.clients} clients were cut off`);
    const growth = Object.fromEntries(
      ['rss', 'heapUsed', 'external', 'backlog'].map((name) => [name, after[name] - before[name]]),
    );
    return { growth, filling, full };
  } finally {
    server.stop();
    clients.stop();
  }
}

/** Logs until no socket of a stalled client takes more. @returns the worst that the healthy client saw meanwhile */
async function fill(server, paced) {
  const seen = [];
  let backlog = await server.call('backlog');
  for (let filled = 0; filled < MOST_FILLS; filled++) {
    seen.push(await paced(FILL_SECONDS));
    const previous = backlog;
    backlog = await server.call('backlog');
    // Four times at least: with nobody stalled it would be over at once, and the rest would differ in more than that.
    if (backlog === previous && filled >= 3) break;
  }
  const most = (name) => Math.max(...seen.map((one) => one[name]));
  return { p50: most('p50'), p99: most('p99'), worst: most('worst'), core: most('core') };
}
