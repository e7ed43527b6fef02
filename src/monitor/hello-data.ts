import { type FilterSpec } from '../subscription/filter/filter-spec.js';
import { PROTOCOL_VERSION } from './client-message.js';
import { type MonitorContext } from './monitor-context.js';
import { type HelloData, LIMITS } from './server-message.js';

/**
 * What an extended client is told first.
 *
 * @param position of the first record that it will get
 */
export function helloData(
  { stream, instance }: MonitorContext,
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
    sees: ['system', 'audit'],
    filter,
    limits: LIMITS,
  };
}
