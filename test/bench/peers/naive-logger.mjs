import { Logger } from '@nestjs/common';

/**
 * Makes Nest's `Logger` call back with each line as an object of the wire format: the `LoggerService` that
 * one writes in an afternoon.
 *
 * @param {(frame: { type: string, data: object }) => void} onLine
 */
export function installNaiveLogger(onLine) {
  const log = (level) => (message, params, context) =>
    onLine({
      type: 'system_log',
      data: { timestamp: new Date().toISOString(), level, logger: context, message, ...params },
    });
  Logger.overrideLogger({ log: log('INFO'), warn: log('WARNING'), error: log('ERROR') });
}
