/** What an app can log with, and how the report names it; `server.mjs` knows how each is set up. */
export const LOGGERS = {
  off: 'logging off',
  console: '`ConsoleLogger`',
  pino: 'nestjs-pino',
  'ours-always': 'ours over `ConsoleLogger`',
  'ours-never': 'ours over `ConsoleLogger`, caller `never`',
};

export const PLATFORMS = { express: 'Express', fastify: 'Fastify' };

/** Watchers of each logger that can be watched. */
const WATCHERS = [0, 10, 100];

/** @type {readonly { logger: string, watchers: number }[]} */
export const VARIANTS = Object.keys(LOGGERS).flatMap((logger) =>
  (logger.startsWith('ours') ? WATCHERS : [0]).map((watchers) => ({ logger, watchers })),
);
