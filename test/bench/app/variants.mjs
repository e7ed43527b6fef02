/** What an app can log with, and how the report names it; `server.mjs` knows how each is set up. */
export const LOGGERS = {
  off: 'logging off',
  console: '`ConsoleLogger`',
  json: '`ConsoleLogger`, JSON',
  pino: 'nestjs-pino',
  winston: 'winston',
  ours: 'ours over `ConsoleLogger`',
  'ours-never': 'ours over `ConsoleLogger`, caller `never`',
  'ours-bare': 'ours over `ConsoleLogger`, caller `never`, no history',
  'ours-json': 'ours over `ConsoleLogger`, JSON',
  'ours-pino': 'ours over nestjs-pino',
  'ours-winston': 'ours over winston',
};

/** What each of ours prints with, and is compared to. */
export const INNER = {
  ours: 'console',
  'ours-never': 'console',
  'ours-bare': 'console',
  'ours-json': 'json',
  'ours-pino': 'pino',
  'ours-winston': 'winston',
};

export const PLATFORMS = { express: 'Express', fastify: 'Fastify' };

/** Watchers of each logger that is watched. */
const WATCHERS = { ours: [0, 1, 10, 100], 'ours-never': [0, 100] };

/** @type {readonly { logger: string, watchers: number }[]} */
export const VARIANTS = Object.keys(LOGGERS).flatMap((logger) =>
  (WATCHERS[logger] ?? [0]).map((watchers) => ({ logger, watchers })),
);
