import { LINES_PER_REQUEST } from './app/orders.mjs';
import { LOGGERS, PLATFORMS, VARIANTS } from './app/variants.mjs';
import { ratio, rotated, sample } from './measure.mjs';
import { Remote } from './remote.mjs';

/** The fixed rate, and how many requests may be under way in each kind of load. */
const PER_SECOND = 1000;
const CONNECTIONS = { closed: 16, paced: 64 };

/**
 * @typedef {object} Effort
 * @property {number} rounds
 * @property {number} warmUpSeconds of closed loop for each process, for V8 to compile and the history to fill
 * @property {number} closedSeconds
 * @property {number} pacedSeconds
 */

/**
 * What logging does to an app under load: how much it serves, and how long a request takes, with each logger and
 * with nobody, some and many watching.
 *
 * @param {Effort} effort
 */
export async function measureApp(effort, progress) {
  const load = new Remote(new URL('app/load.mjs', import.meta.url));
  const clients = new Remote(new URL('clients/process.mjs', import.meta.url));
  try {
    const results = [];
    for (const platform of Object.keys(PLATFORMS))
      results.push(await measurePlatform(platform, { load, clients }, effort, progress));
    return results;
  } finally {
    load.stop();
    clients.stop();
  }
}

async function measurePlatform(platform, { load, clients }, effort, progress) {
  const results = VARIANTS.map((variant) => ({ variant, closed: [], paced: [] }));
  const servers = new Map();
  try {
    for (const logger of Object.keys(LOGGERS)) {
      progress(`app: ${PLATFORMS[platform]}, warming up ${LOGGERS[logger]}`);
      servers.set(logger, await startServer({ platform, logger }, load, effort));
    }
    for (let round = 0; round < effort.rounds; round++) {
      for (const { variant, closed, paced } of rotated(results, round)) {
        progress(`app: ${PLATFORMS[platform]}, ${nameOf(variant)}, round ${round + 1}/${effort.rounds}`);
        const server = servers.get(variant.logger);
        closed.push(await underLoad('closed', server, variant, { load, clients }, effort));
        paced.push(await underLoad('paced', server, variant, { load, clients }, effort));
      }
    }
  } finally {
    for (const { remote } of servers.values()) remote.stop();
  }
  return { platform, name: PLATFORMS[platform], variants: summarize(results) };
}

async function startServer({ platform, logger }, load, { warmUpSeconds }) {
  const remote = new Remote(new URL('app/server.mjs', import.meta.url));
  try {
    const address = await remote.call('start', { platform, logger });
    await load.call('closed', {
      port: address.port,
      connections: CONNECTIONS.closed,
      seconds: warmUpSeconds,
    });
    return { remote, address, ours: logger.startsWith('ours') };
  } catch (error) {
    remote.stop();
    throw new Error(`${platform}, ${logger}: ${error.message}`, { cause: error });
  }
}

async function underLoad(kind, server, { watchers }, { load, clients }, effort) {
  const { remote, address, ours } = server;
  await clients.call('connect', { count: watchers, ...address });
  try {
    if (ours) await remote.call('watched', { clients: watchers });
    const before = await remote.call('usage');
    const result = await load.call(kind, {
      port: address.port,
      connections: CONNECTIONS[kind],
      seconds: kind === 'closed' ? effort.closedSeconds : effort.pacedSeconds,
      perSecond: PER_SECOND,
    });
    const { complete } = await clients.call('counted', { lines: result.requests * LINES_PER_REQUEST });
    const cpu = (await remote.call('usage')) - before;
    await remote.call('verify', { ours });
    return {
      p50: result.p50,
      p99: result.p99,
      late: result.late ?? 0,
      perSecond: result.requests / result.seconds,
      // What is still on its way to the watchers when the last request is answered is part of the work.
      cpu: cpu / result.requests,
      complete: watchers > 0 ? complete / watchers : 1,
    };
  } finally {
    await clients.call('disconnect');
    if (ours) await remote.call('watched', { clients: 0 });
  }
}

function summarize(results) {
  const find = (logger, watchers) =>
    results.find(({ variant }) => variant.logger === logger && variant.watchers === watchers);
  const base = find('console', 0);
  return results.map(({ variant, closed, paced }) => {
    const unwatched = find(variant.logger, 0);
    return {
      ...variant,
      name: nameOf(variant),
      closed: {
        ...summary(closed),
        toConsole: ratio(column(closed, 'perSecond'), column(base.closed, 'perSecond')),
      },
      paced: {
        ...summary(paced),
        toUnwatched: ratio(column(paced, 'p99'), column(unwatched.paced, 'p99')),
      },
    };
  });
}

function summary(rounds) {
  const samples = ['perSecond', 'p50', 'p99', 'cpu', 'late'].map((name) => [
    name,
    sample(column(rounds, name)),
  ]);
  return { ...Object.fromEntries(samples), complete: Math.min(...column(rounds, 'complete')) };
}

function column(rounds, name) {
  return rounds.map((round) => round[name]);
}

function nameOf({ logger, watchers }) {
  return logger.startsWith('ours') ? `${LOGGERS[logger]}, ${watchers} watchers` : LOGGERS[logger];
}
