import { FILTER_LIMITS, type FilterSpec } from '../subscription/filter/filter-spec.js';
import { type Access } from './access/access.js';
import { HISTORY_LIMIT, PROTOCOL_VERSION } from './client-message.js';
import { type MonitorContext } from './monitor-context.js';
import { type HelloData } from './server-message.js';

/**
 * What an extended client is told first.
 *
 * @param position of the first record that it will get
 */
export function helloData(
  { stream, instance, limits }: MonitorContext,
  access: Access,
  filter: FilterSpec,
  position: number,
): HelloData {
  const { history, cursors } = stream;
  return {
    version: PROTOCOL_VERSION,
    epoch: cursors.epoch,
    instance,
    cursor: cursors.format(position),
    heads: { oldest: history.start, next: history.end },
    sees: access.categories,
    filter,
    limits: {
      message_bytes: limits.messageBytes,
      messages: limits.messages.count,
      messages_window_ms: limits.messages.windowMs,
      history_records: HISTORY_LIMIT,
      filter: FILTER_LIMITS,
    },
  };
}
