import { type DamagedEntry } from '../../trail/store/trail-query.js';
import { CliError } from '../cli-error.js';
import { failure } from '../cli.messages.js';
import { visible } from '../terminal/visible-text.js';
import { AUDIT_EXIT_CODES } from './audit-exit-codes.js';
import { moreDamaged } from './audit.messages.js';

/** Entries that are told one by one. */
const MOST_TOLD = 10;

/** Ends a command that could not show all that it found. @throws CliError with the exit code of `altered`, if there was any */
export function tellDamaged(damaged: readonly DamagedEntry[]): void {
  if (damaged.length === 0) return;
  const told = damaged.slice(0, MOST_TOLD).map(({ problem }) => problem);
  const more = damaged.length - told.length;
  const lines = more > 0 ? [...told, moreDamaged(more)] : told;
  throw new CliError(AUDIT_EXIT_CODES.altered, failure(lines.map(visible).join('\n')));
}
