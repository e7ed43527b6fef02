/** What an app can log with, and how the report names it; `server.mjs` knows how each is set up. */
export const LOGGERS = {
  off: 'logging off',
  console: '`ConsoleLogger`',
  json: '`ConsoleLogger`, JSON',
  pino: 'nestjs-pino',
  winston: 'winston',
  ours: 'ours over `ConsoleLogger`',
  'ours-told': 'ours over `ConsoleLogger`, with stories',
  'ours-never': 'ours over `ConsoleLogger`, caller `never`',
  'ours-bare': 'ours over `ConsoleLogger`, caller `never`, no history',
  'ours-json': 'ours over `ConsoleLogger`, JSON',
  'ours-pino': 'ours over nestjs-pino',
  'ours-winston': 'ours over winston',
};

/** The same for those that only some of the measurements have. */
const AUDITING = {
  'ours-audit': 'ours, with `@Audit`',
  'ours-trail': 'ours, with `@Audit` and a trail',
};

export const NAMES = { ...LOGGERS, ...AUDITING };

/** What each of ours prints with, and is compared to. */
export const INNER = {
  ours: 'console',
  'ours-told': 'console',
  'ours-never': 'console',
  'ours-bare': 'console',
  'ours-json': 'json',
  'ours-pino': 'pino',
  'ours-winston': 'winston',
};

export const PLATFORMS = { express: 'Express', fastify: 'Fastify' };

/** How a watcher connects: with the extended protocol, as the dashboard and the client do, or in the frozen format. */
export const HANDSHAKES = {
  extended: { path: '/ws/monitor?v=1', counts: 'batches' },
  plain: { path: '/ws/monitor' },
};

/**
 * @typedef {object} Variant
 * @property {string} logger
 * @property {number} watchers
 * @property {'extended' | 'plain'} [format] of the watchers
 */

/** @type {readonly Variant[]} */
export const VARIANTS = Object.keys(LOGGERS).flatMap((logger) => [
  { logger, watchers: 0 },
  // In the frozen format each line has its caller, whatever that costs: measured apart.
  ...(logger === 'ours' ? [watched(1), watched(10), watched(100), watched(1, 'plain')] : []),
]);

function watched(watchers, format = 'extended') {
  return { logger: 'ours', watchers, format };
}
