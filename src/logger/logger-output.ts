import { type LoggerService } from '@nestjs/common';

/** By it the loggers of this package are known, which stream by themselves; to other copies of the package, too. */
export const STREAMS: unique symbol = Symbol.for('nestjs-log-stream:streams');

/** A logger that streams what it is given, and hands it on. */
export interface StreamingLogger extends LoggerService {
  readonly [STREAMS]: {
    /** Where its lines go on to; `undefined` for nowhere. */
    output(): LoggerService | undefined;
    /** Whether this is the entrance of a stream that it streams to. */
    into(sink: object): boolean;
  };
}

/** The logger behind those that stream: what writes to the console, and to it alone. */
export function outputOf(logger: LoggerService | undefined): LoggerService | undefined {
  if (!logger || !isStreaming(logger)) return logger;
  return chainOf(logger).find((each) => !isStreaming(each));
}

/** Whether a logger is this one or hands on to it. */
export function leadsTo(logger: LoggerService | undefined, other: LoggerService): boolean {
  return logger === other || chainOf(logger).includes(other);
}

export function streamsInto(logger: LoggerService, sink: object): boolean {
  return isStreaming(logger) && logger[STREAMS].into(sink);
}

function isStreaming(logger: LoggerService): logger is StreamingLogger {
  return STREAMS in logger;
}

/** A logger, and those that it hands on to one after the other. */
function chainOf(logger: LoggerService | undefined): LoggerService[] {
  const chain: LoggerService[] = [];
  let next = logger;
  // Loggers that hand on to each other write nothing.
  while (next && !chain.includes(next)) {
    chain.push(next);
    next = isStreaming(next) ? next[STREAMS].output() : undefined;
  }
  return chain;
}
