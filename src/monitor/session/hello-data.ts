import { FILTER_LIMITS, type FilterSpec } from '../../wire/filter/filter-spec.js';
import { type Access } from '../access/access.js';
import { HISTORY_LIMIT } from '../protocol/client-message.js';
import { PROTOCOL_VERSION } from '../../wire/protocol-version.js';
import { type MonitorContext } from './monitor-context.js';
import { type HelloData } from '../../wire/server-message.js';

/** The place of the next record, in this epoch unless it says another. */
export interface CursorPlace {
  readonly position: number;
  readonly epoch?: string;
}

/**
 * What an extended client is told first.
 *
 * @param place of the first record that it will get
 */
export function helloData(
  { source, instance, limits }: MonitorContext,
  access: Access,
  filter: FilterSpec,
  { position, epoch }: CursorPlace,
): HelloData {
  const { history, cursors } = source;
  return {
    version: PROTOCOL_VERSION,
    epoch: cursors.epoch,
    instance,
    cursor: cursors.format(position, epoch),
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
