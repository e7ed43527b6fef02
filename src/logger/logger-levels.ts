import { ConsoleLogger, type LoggerService, type LogLevel } from '@nestjs/common';

/** A logger that says which of Nest's levels it prints, as every `ConsoleLogger` does, of any copy of Nest. */
type Levelled = LoggerService & { isLevelEnabled(level: LogLevel): boolean };

/** Nest's rules for a list of levels, and its defaults where there is none (`NEST_LOG_LEVEL`). Prints nothing. */
export class LogLevels extends ConsoleLogger {
  constructor(levels?: readonly LogLevel[]) {
    super(levels ? { logLevels: [...levels] } : {});
  }

  /** Nest complains of a wrong `NEST_LOG_LEVEL` here. Who turned the console off does not want to see it. */
  override warn(): void {}
}

/** Which levels a logger prints, as far as it can be known: the stream has the same. */
export class LevelsInForce {
  private readonly lists = new WeakMap<LoggerService, LogLevels>();
  private silent = new LogLevels();

  /** @param logger as Nest has it; `undefined` prints nothing, which is no level: the stream goes on */
  isOn(logger: LoggerService | undefined, level: LogLevel): boolean {
    if (!logger) return this.silent.isLevelEnabled(level);
    try {
      if (isLevelled(logger)) return logger.isLevelEnabled(level);
    } catch {
      // Rather a line too many than one that is missing.
      return true;
    }
    return this.lists.get(logger)?.isLevelEnabled(level) ?? true;
  }

  /** Nest has set a list of levels while this logger was in force. */
  set(logger: LoggerService | undefined, levels: readonly LogLevel[]): void {
    if (!logger) this.silent = new LogLevels(levels);
    // One that cannot be told goes on printing all.
    else if (typeof logger.setLogLevels === 'function') this.lists.set(logger, new LogLevels(levels));
  }
}

/** Both methods: winston too has an `isLevelEnabled`, which knows other levels. */
function isLevelled(logger: LoggerService): logger is Levelled {
  return (
    typeof logger.setLogLevels === 'function' && typeof (logger as Levelled).isLevelEnabled === 'function'
  );
}
