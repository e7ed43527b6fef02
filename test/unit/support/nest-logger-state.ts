import { ConsoleLogger, Logger, type LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, beforeEach } from 'vitest';

/** Nest's `Logger` keeps what an app installs in statics; puts them back after each test. */
export function restoreNestLogger(): void {
  const names = ['staticInstanceRef', 'logLevels', 'isBufferAttached'];
  let before: unknown[];
  beforeEach(() => {
    before = names.map((name) => Reflect.get(Logger, name) as unknown);
    Reflect.set(Logger, 'logBuffer', []);
  });
  afterEach(() => {
    names.forEach((name, index) => Reflect.set(Logger, name, before[index]));
    Reflect.set(Logger, 'logBuffer', []);
  });
}

/** The logger that Nest has before any app has set one. */
const DEFAULT_LOGGER = Reflect.get(Logger, 'staticInstanceRef') as ConsoleLogger;

/** Each test finds Nest's `Logger` as a new process does, its default logger included. */
export function freshNestLogger(): void {
  beforeEach(freshNestLogger.now);
  afterEach(freshNestLogger.now);
}

freshNestLogger.now = (): void => {
  Reflect.set(Logger, 'staticInstanceRef', DEFAULT_LOGGER);
  Reflect.set(Logger, 'logLevels', undefined);
  Reflect.set(Logger, 'isBufferAttached', false);
  Reflect.set(Logger, 'logBuffer', []);
  const { options } = DEFAULT_LOGGER as unknown as { options: { logLevels?: LogLevel[] } };
  // Nest's factory has a logger of its own, which remembers the levels of the app before.
  Reflect.set(Reflect.get(NestFactory, 'logger') as Logger, 'localInstanceRef', undefined);
  options.logLevels = new ConsoleLogger()['options'].logLevels;
};
