import { ConsoleLogger, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { LoggerModule, NativeLogger, nativeLoggerOptions } from 'nestjs-pino';
import { LogStreamLogger, LogStreamModule, setupLogStreaming } from 'nestjs-log-stream';

/**
 * @typedef {object} Variant
 * @property {string} name as the report prints it
 * @property {() => Promise<unknown>} install makes Nest's `Logger` log this way
 */

/** A `LoggerService` that does nothing: what remains is the cost of Nest's own `Logger` in front of each. */
const NOTHING = { log() {}, error() {}, warn() {}, debug() {}, verbose() {}, fatal() {} };

/** @type {Record<string, Variant>} */
export const VARIANTS = {
  nothing: { name: 'Nest `Logger` over nothing', install: () => boot([], (app) => app.useLogger(NOTHING)) },
  console: {
    name: '`ConsoleLogger` alone',
    install: () => boot([], (app) => app.useLogger(new ConsoleLogger())),
  },
  // `NativeLogger` reads arguments as Nest 12 does; nestjs-pino's `Logger` would drop the structured params.
  pino: {
    name: 'nestjs-pino',
    install: () =>
      boot([LoggerModule.forRoot({ pinoHttp: nativeLoggerOptions })], (app) =>
        app.useLogger(app.get(NativeLogger)),
      ),
  },
  ...ours('console', 'over `ConsoleLogger`', {}),
  ...ours('false', 'over `false`', { logger: false }),
};

function ours(key, name, options) {
  return {
    [`${key}-always`]: variant(`ours ${name}, caller \`always\``, { ...options, caller: 'always' }),
    [`${key}-watched`]: variant(`ours ${name}, caller \`watched\``, { ...options, caller: 'watched' }),
    [`${key}-never`]: variant(`ours ${name}, caller \`never\``, { ...options, caller: 'never' }),
    [`${key}-never-no-history`]: variant(`ours ${name}, caller \`never\`, no history`, {
      ...options,
      caller: 'never',
      history: false,
    }),
  };
}

function variant(name, options) {
  return {
    name,
    install: async () => {
      const app = await boot([LogStreamModule.forRoot(options)], setupLogStreaming);
      // A logger that failed to stream would be a fast one.
      return () => {
        const { inner, stream } = app.get(LogStreamLogger).failures;
        if (inner + stream > 0) throw new Error(`${name}: ${inner + stream} log calls failed`);
      };
    },
  };
}

async function boot(imports, setup) {
  class Root {}
  Module({ imports })(Root);
  const app = await NestFactory.createApplicationContext(Root, { logger: false });
  setup(app);
  Logger.flush();
  return app;
}
