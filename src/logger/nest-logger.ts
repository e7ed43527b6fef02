import { type INestApplicationContext, Logger, type LoggerService, type LogLevel } from '@nestjs/common';

/** Nest's `Logger`, of whichever copy of `@nestjs/common`. */
export type NestLogger = typeof Logger;

/** Nest offers no other way to ask for these; both are `protected`, and the same in Nest 11 and 12. */
interface Statics {
  /** What `useLogger()` and `overrideLogger()` set: Nest's default, another logger, or none (`logger: false`). */
  readonly staticInstanceRef?: LoggerService;
  readonly logLevels?: LogLevel[];
}

/** The logger that Nest uses right now; `undefined` while the console is off (`logger: false`). */
export function currentLogger(nest: NestLogger = Logger): LoggerService | undefined {
  return (nest as unknown as Statics).staticInstanceRef;
}

/** The level list that was set last, as by `useLogger(['error'])`; a list that is set again is another object. */
export function currentLevels(nest: NestLogger = Logger): readonly LogLevel[] | undefined {
  return (nest as unknown as Statics).logLevels;
}

/**
 * The `Logger` that an app logs through. Every app has one of its own, which tells which copy of `@nestjs/common` it
 * uses; where it cannot be told, it is ours.
 */
export function loggerClassOf(app: INestApplicationContext): NestLogger {
  const own: unknown = (app as unknown as { logger?: unknown }).logger;
  const type: unknown = typeof own === 'object' && own !== null ? own.constructor : undefined;
  return isNestLogger(type) ? type : Logger;
}

function isNestLogger(type: unknown): type is NestLogger {
  return (
    typeof type === 'function' &&
    'overrideLogger' in type &&
    Object.hasOwn(type, 'staticInstanceRef') &&
    Object.hasOwn(type.prototype as object, 'localInstance')
  );
}
