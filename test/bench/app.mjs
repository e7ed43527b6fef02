import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LINES_PER_REQUEST } from './app/orders.mjs';
import { HANDSHAKES, INNER, LOGGERS, NAMES, PLATFORMS, VARIANTS } from './app/variants.mjs';
import { difference, ratio, rotated, sample } from './measure.mjs';
import { Remote } from './remote.mjs';

const ORDER = '/orders/4711';

/** How many requests may be under way in each kind of load. */
const CONNECTIONS = { closed: 16, paced: 64 };

/** The server has one core to itself; who asks and who watches share the other. */
const CORES = { server: 0, others: 1 };

/** What a request does besides, on Express: each route with each logger, compared to the first of its kind. */
const ROUTES = {
  'five texts': { path: '/orders/texts/4711', loggers: ['console', 'ours', 'ours-never'] },
  'five texts with two params each': {
    path: '/orders/fields/4711',
    loggers: ['console', 'ours', 'ours-never'],
  },
  '`@Audit`, nothing else logged': {
    path: '/orders/audited/4711',
    loggers: ['ours', 'ours-audit', 'ours-trail'],
  },
};

/** Apps in which nothing happens. */
const QUIET = [
  { logger: 'console', watchers: 0 },
  { logger: 'ours', watchers: 0 },
  { logger: 'ours', watchers: 1 },
];

/**
 * @typedef {object} Effort
 * @property {number} rounds
 * @property {number} warmUpSeconds of closed loop for each process, for V8 to compile and the history to fill
 * @property {number} closedSeconds
 * @property {number} pacedSeconds
 * @property {number} quietSeconds
 */

/**
 * What logging does to an app under load: how much it serves, what a request costs and how long it takes, with each
 * logger and with nobody, some and many watching.
 *
 * @param {Effort} effort
 * @param {(text: string) => void} progress
 * @param {{ platforms?: readonly string[], variants?: typeof VARIANTS }} [only]
 */
export async function measureApp(
  effort,
  progress,
  { platforms = Object.keys(PLATFORMS), variants = VARIANTS } = {},
) {
  const load = new Remote(new URL('app/load.mjs', import.meta.url), { core: CORES.others });
  const clients = new Remote(new URL('clients/process.mjs', import.meta.url), { core: CORES.others });
  try {
    const results = [];
    for (const platform of platforms)
      results.push(await measurePlatform(platform, variants, { load, clients }, effort, progress));
    if (variants !== VARIANTS) return { platforms: results };
    const routes = await measureRoutes(load, effort, progress);
    return { platforms: results, routes, quiet: await measureQuiet(clients, effort, progress) };
  } finally {
    load.stop();
    clients.stop();
  }
}

async function measurePlatform(platform, variants, { load, clients }, effort, progress) {
  const results = variants.map((variant) => ({ variant, closed: [], paced: [], memory: [] }));
  const servers = new Map();
  try {
    for (const logger of new Set(variants.map((variant) => variant.logger))) {
      progress(`app: ${PLATFORMS[platform]}, warming up ${LOGGERS[logger]}`);
      servers.set(logger, await startServer({ platform, logger }, load, effort));
    }
    const perSecond = Math.round(servers.get('console').capacity / 2);
    for (let round = 0; round < effort.rounds; round++) {
      for (const { variant, closed, paced, memory } of rotated(results, round)) {
        progress(`app: ${PLATFORMS[platform]}, ${nameOf(variant)}, round ${round + 1}/${effort.rounds}`);
        const server = servers.get(variant.logger);
        closed.push(await underLoad('closed', server, variant, { load, clients }, effort));
        paced.push(await underLoad('paced', server, variant, { load, clients }, { ...effort, perSecond }));
        memory.push(await server.remote.call('memory'));
      }
    }
    return { platform, name: PLATFORMS[platform], perSecond, variants: summarize(results) };
  } finally {
    for (const { remote } of servers.values()) remote.stop();
  }
}

async function startServer({ platform, logger, path = ORDER, directory }, load, { warmUpSeconds }) {
  const remote = newServer(directory);
  try {
    const { port } = await remote.call('start', { platform, logger });
    const warmUp = { port, path, connections: CONNECTIONS.closed, seconds: warmUpSeconds };
    await load.call('closed', warmUp);
    const { requests, seconds } = await load.call('closed', warmUp);
    return { remote, address: { port }, capacity: requests / seconds, ours: logger in INNER };
  } catch (error) {
    remote.stop();
    throw new Error(`${platform}, ${logger}: ${error.message}`, { cause: error });
  }
}

function newServer(directory) {
  return new Remote(new URL('app/server.mjs', import.meta.url), {
    execArgv: ['--expose-gc'],
    core: CORES.server,
    env: directory && { BENCH_DIRECTORY: directory },
  });
}

async function underLoad(kind, server, { watchers, format = 'extended' }, { load, clients }, effort) {
  const { remote, address, ours } = server;
  await clients.call('connect', { count: watchers, handshake: HANDSHAKES[format], ...address });
  try {
    if (ours) await remote.call('watched', { clients: watchers });
    const before = await remote.call('usage');
    const result = await load.call(kind, {
      port: address.port,
      path: ORDER,
      connections: CONNECTIONS[kind],
      seconds: kind === 'closed' ? effort.closedSeconds : effort.pacedSeconds,
      perSecond: effort.perSecond,
    });
    const { complete } = await clients.call('counted', { lines: result.requests * LINES_PER_REQUEST });
    const { cpu, collector } = await remote.call('usage');
    await remote.call('verify', { ours });
    return {
      p50: result.p50,
      p99: result.p99,
      late: result.late ?? 0,
      perSecond: result.requests / result.seconds,
      // What is still on its way to the watchers when the last request is answered is part of the work.
      cpu: (cpu - before.cpu) / result.requests,
      collector: (collector - before.collector) / result.requests,
      complete: watchers > 0 ? complete / watchers : 1,
    };
  } finally {
    await clients.call('disconnect');
    if (ours) await remote.call('watched', { clients: 0 });
  }
}

async function measureRoutes(load, effort, progress) {
  const directory = await mkdtemp(join(tmpdir(), 'bench-'));
  const servers = new Map();
  try {
    const results = Object.entries(ROUTES).flatMap(([route, { path, loggers }]) =>
      loggers.map((logger) => ({ route, path, logger, base: loggers[0], cpu: [] })),
    );
    for (const { path, logger } of results) {
      if (servers.has(logger)) continue;
      progress(`app: routes, warming up ${logger}`);
      servers.set(logger, await startServer({ platform: 'express', logger, path, directory }, load, effort));
    }
    for (let round = 0; round < effort.rounds; round++) {
      for (const { route, path, logger, cpu } of rotated(results, round)) {
        progress(`app: ${route}, ${logger}, round ${round + 1}/${effort.rounds}`);
        cpu.push(await cpuOfRequest(servers.get(logger), path, load, effort));
      }
    }
    return results.map(({ route, logger, base, cpu }) => {
      const alone = results.find((one) => one.route === route && one.logger === base);
      return { route, name: NAMES[logger], cpu: sample(cpu), toBase: ratio(cpu, alone.cpu) };
    });
  } finally {
    for (const { remote } of servers.values()) remote.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function cpuOfRequest({ remote, address }, path, load, { closedSeconds }) {
  const before = await remote.call('usage');
  const { requests } = await load.call('closed', {
    port: address.port,
    path,
    connections: CONNECTIONS.closed,
    seconds: closedSeconds,
  });
  return ((await remote.call('usage')).cpu - before.cpu) / requests;
}

/** What an app takes to start, and what it takes while nothing happens in it. */
async function measureQuiet(clients, { rounds, quietSeconds }, progress) {
  const results = QUIET.map((variant) => ({ variant, boot: [], memory: [], cpu: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const { variant, boot, memory, cpu } of rotated(results, round)) {
      progress(`app: quiet, ${nameOf(variant)}, round ${round + 1}/${rounds}`);
      const remote = newServer();
      try {
        const { port, bootMs } = await remote.call('start', { platform: 'express', logger: variant.logger });
        boot.push(bootMs);
        memory.push(await remote.call('memory'));
        await clients.call('connect', { count: variant.watchers, port, handshake: HANDSHAKES.extended });
        const before = await remote.call('usage');
        await pause(quietSeconds * 1000);
        cpu.push(((await remote.call('usage')).cpu - before.cpu) / quietSeconds);
        await clients.call('disconnect');
      } finally {
        remote.stop();
      }
    }
  }
  return results.map(({ variant, boot, memory, cpu }) => ({
    name: nameOf(variant),
    boot: sample(boot),
    memory: sample(memory),
    cpu: sample(cpu),
  }));
}

function summarize(results) {
  const find = (logger, watchers) =>
    results.find(({ variant }) => variant.logger === logger && variant.watchers === watchers);
  return results.map((result) => {
    const { variant, closed, paced, memory } = result;
    const alone = find(INNER[variant.logger] ?? 'console', 0);
    const unwatched = find(variant.logger, 0) ?? result;
    const to = (base, kind, name) => ratio(column(result[kind], name), column(base[kind], name));
    return {
      ...variant,
      name: nameOf(variant),
      closed: {
        ...summary(closed),
        throughputToAlone: to(alone, 'closed', 'perSecond'),
        cpuToAlone: to(alone, 'closed', 'cpu'),
        cpuToUnwatched: to(unwatched, 'closed', 'cpu'),
      },
      paced: {
        ...summary(paced),
        cpuToAlone: to(alone, 'paced', 'cpu'),
        cpuToUnwatched: to(unwatched, 'paced', 'cpu'),
        p99ToAlone: to(alone, 'paced', 'p99'),
        p99ToUnwatched: to(unwatched, 'paced', 'p99'),
      },
      memory: { ...sample(memory), overAlone: difference(memory, alone.memory) },
    };
  });
}

function summary(rounds) {
  const samples = ['perSecond', 'p50', 'p99', 'cpu', 'collector', 'late'].map((name) => [
    name,
    sample(column(rounds, name)),
  ]);
  return { ...Object.fromEntries(samples), complete: Math.min(...column(rounds, 'complete')) };
}

function column(rounds, name) {
  return rounds.map((round) => round[name]);
}

function nameOf({ logger, watchers, format }) {
  if (watchers === 0) return LOGGERS[logger];
  return `${LOGGERS[logger]}, ${watchers} watching${format === 'plain' ? ', plain' : ''}`;
}
