import { type LoggerService } from '@nestjs/common';

/**
 * The context that a logger prints where a line has none: of `new ConsoleLogger('App')`, or set with `setContext()`. Nest
 * keeps it in a `protected` field, and so do those who write loggers in its manner.
 */
export function contextOf(logger: LoggerService | undefined): string | undefined {
  try {
    const context: unknown = (logger as { context?: unknown } | undefined)?.context;
    return typeof context === 'string' && context !== '' ? context : undefined;
  } catch {
    return undefined;
  }
}
