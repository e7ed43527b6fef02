import { type Watcher } from '../../subscription/watcher.js';
import { type Access } from '../access/access.js';
import { type MonitorContext } from './monitor-context.js';
import { type StatsData } from '../../wire/server-message.js';

/** How a client is doing. */
export function statsData({ source, rates }: MonitorContext, access: Access, watcher: Watcher): StatsData {
  const { history, cursors } = source;
  const { lag: records, cursor, counts } = watcher;
  const { delivered, filtered, missed: dropped } = counts;
  const waiting = records > 0 ? history.at(Math.max(cursor, history.start)) : undefined;
  const ms = waiting ? Math.max(0, Date.now() - waiting.time) : 0;
  return {
    cursor: cursors.format(cursor),
    lag: { records, ms },
    delivered,
    filtered,
    dropped,
    ...(access.restricted ? {} : { rates: rates.perLevel }),
  };
}
