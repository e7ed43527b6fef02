import { type Watcher } from '../../subscription/watcher.js';
import { type Access } from '../access/access.js';
import { type MonitorContext } from './monitor-context.js';
import { type StatsData } from '../../wire/server-message.js';

/**
 * How a client is doing.
 *
 * @param cursor from where it misses nothing when it comes back
 */
export function statsData(
  { source, rates }: MonitorContext,
  access: Access,
  watcher: Watcher,
  cursor: string,
): StatsData {
  const { history } = source;
  const { lag: records, cursor: position, counts } = watcher;
  const { delivered, filtered, missed: dropped } = counts;
  const waiting = records > 0 ? history.at(Math.max(position, history.start)) : undefined;
  const ms = waiting ? Math.max(0, Date.now() - waiting.time) : 0;
  return {
    cursor,
    lag: { records, ms },
    delivered,
    filtered,
    dropped,
    ...(access.restricted ? {} : { rates: rates.perLevel }),
  };
}
