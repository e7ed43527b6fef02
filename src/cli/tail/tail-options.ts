import { type ReplaySpec } from '../../client/index.js';
import { type FilterFlags } from './filter-flags.js';

/** The flags of `tail`, as commander names them. */
export interface TailOptions extends FilterFlags {
  readonly replay?: number;
  readonly since?: number;
  readonly after?: string;
  readonly json?: boolean;
  readonly token?: string;
  readonly reconnect: boolean;
  readonly wait?: boolean;
  readonly once?: boolean;
  readonly limit?: number;
  readonly utc?: boolean;
  readonly full?: boolean;
  readonly wrap: boolean;
  readonly color?: boolean;
  readonly quiet?: boolean;
}

/** Records that a tail begins with, when nothing is said: as those of `tail`, `docker logs` and the like. */
export const DEFAULT_REPLAY = 10;

/** More than a history keeps. */
const ALL = 1_000_000;

export function replayOf({ replay = DEFAULT_REPLAY, since, after }: TailOptions): ReplaySpec {
  if (after !== undefined) return { after };
  return { last: since === undefined ? replay : ALL };
}
