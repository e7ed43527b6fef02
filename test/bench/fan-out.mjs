import { describe, FORMAT_TICKS, PACED, TICKS } from './fan-out/cases.mjs';
import { ratio, rotated, sample } from './measure.mjs';
import { FORMATS, PEERS } from './peers/index.mjs';
import { Remote } from './remote.mjs';

/**
 * Lines of a burst. Its bytes, 32 KB per client, fit into what the kernel buffers for a socket: no peer has to wait
 * for the clients, which have one core for all of them.
 */
const BURST_LINES = 128;

/** Pause in which the clients catch up, in milliseconds. */
const REST_MS = 10;

/** More bursts than this only take time where there are few clients. */
const MAX_BURSTS = 32;

/** The window that ours and raw TCP have in the paced case: the default of the option `flush`. */
const DEFAULT_WINDOW_MS = 20;

/**
 * @typedef {object} Effort
 * @property {number} rounds
 * @property {number} slowRounds of the slow cases; 0 leaves them out
 * @property {number} deliveries of one measurement, where the number of bursts allows it
 * @property {number} warmUpBursts before the first measurement of a process, for V8 to compile
 * @property {number} seconds at the steady pace
 */

/**
 * CPU that a server process spends per delivery: one line that reached one client.
 *
 * Each peer has a process of its own and all clients share another one. Peers take turns case by case, so that
 * ratios compare what was measured seconds apart.
 *
 * @param {Effort} effort
 */
export function measureFanOut(effort, progress) {
  return compare(PEERS, { ticks: TICKS, paced: PACED }, effort, progress);
}

/**
 * The same for the formats that clients of this package can choose.
 *
 * @param {Effort} effort
 */
export function measureFormats(effort, progress) {
  return compare(FORMATS, { ticks: FORMAT_TICKS, paced: PACED }, effort, progress);
}

async function compare(peers, { ticks, paced }, effort, progress) {
  const clients = new Remote(new URL('clients/process.mjs', import.meta.url));
  try {
    // Without a window a tick is a flush, whatever comes after it, and what is compared is the sharing alone.
    const inTicks = await measureCases(ticks, peers, 0, clients, effort, progress);
    // Long measurements spread less.
    const fewer = { ...effort, rounds: Math.min(effort.rounds, 3) };
    const atPace = await measureCases(paced, peers, DEFAULT_WINDOW_MS, clients, fewer, progress);
    return { ticks: inTicks, paced: atPace };
  } finally {
    clients.stop();
  }
}

async function measureCases(cases, peers, windowMs, clients, effort, progress) {
  const roundsOf = (one) => (one.slow ? effort.slowRounds : effort.rounds);
  const results = cases
    .filter((one) => roundsOf(one) > 0)
    .map((one) => ({ case: one, measured: emptyResults(peers) }));
  const servers = new Map();
  try {
    for (const key of Object.keys(peers)) servers.set(key, await startServer(key, windowMs, clients, effort));
    for (let round = 0; round < effort.rounds; round++) {
      for (const result of results) {
        if (round >= roundsOf(result.case)) continue;
        progress(`fan-out: ${describe(result.case)}, round ${round + 1}/${roundsOf(result.case)}`);
        for (const key of rotated(Object.keys(peers), round)) {
          const measured = await measure(servers.get(key), clients, result.case, effort);
          for (const name of Object.keys(measured)) result.measured[key][name].push(measured[name]);
        }
      }
    }
  } finally {
    for (const { remote } of servers.values()) remote.stop();
  }
  return results.map((result) => summarize(result, peers));
}

async function startServer(key, windowMs, clients, { warmUpBursts }) {
  const remote = new Remote(new URL('fan-out/server.mjs', import.meta.url));
  try {
    const server = { remote, address: await remote.call('start', { key, windowMs }) };
    await watching(server, clients, 4, () => burst(server, clients, warmUpBursts, 16));
    return server;
  } catch (error) {
    remote.stop();
    throw new Error(`${key}: ${error.message}`, { cause: error });
  }
}

function measure(server, clients, one, { deliveries, seconds }) {
  return watching(server, clients, one.clients, async () => {
    const wanted = Math.ceil(deliveries / BURST_LINES / one.clients);
    const { lines, bytes, cpu, wall } = one.perSecond
      ? await pace(server, clients, one.perSecond, seconds)
      : await burst(server, clients, Math.min(Math.max(wanted, 2), MAX_BURSTS), one.lines);
    const delivered = lines * one.clients;
    return { cpu: cpu / delivered, core: cpu / wall, bytes: bytes / delivered };
  });
}

async function burst({ remote }, clients, bursts, linesOfTick) {
  const ticks = BURST_LINES / linesOfTick;
  const spent = await remote.call('burst', { bursts, ticks, lines: linesOfTick, restMs: REST_MS });
  const lines = bursts * BURST_LINES;
  return { ...spent, ...(await clients.call('arrived', { lines })), lines };
}

async function pace({ remote }, clients, perSecond, seconds) {
  const spent = await remote.call('pace', { seconds, perSecond });
  const lines = seconds * perSecond;
  return { ...spent, ...(await clients.call('arrived', { lines })), lines };
}

/** Does something while that many clients watch. */
async function watching({ remote, address }, clients, count, body) {
  await clients.call('connect', { count, ...address });
  try {
    await remote.call('watched', { clients: count });
    await clients.call('reset');
    return await body();
  } finally {
    await clients.call('disconnect');
    await remote.call('watched', { clients: 0 });
  }
}

function emptyResults(peers) {
  return Object.fromEntries(Object.keys(peers).map((key) => [key, { cpu: [], core: [], bytes: [] }]));
}

function summarize({ case: one, measured }, peers) {
  return {
    case: one,
    name: describe(one),
    peers: Object.entries(measured).map(([key, { cpu, core, bytes }]) => ({
      key,
      name: peers[key],
      cpu: sample(cpu),
      core: sample(core),
      bytes: sample(bytes).median,
      // How many times as dear as ours.
      ratio: ratio(cpu, measured.ours.cpu),
    })),
  };
}
