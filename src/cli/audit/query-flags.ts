import { type Command, InvalidArgumentError, Option } from 'commander';
import { type LogLevel } from '../../wire/level.js';
import { TRAIL_ENTRY_KINDS, type TrailEntryKind } from '../../trail/store/trail-entry.js';
import { type TrailQuery } from '../../trail/store/trail-query.js';
import { levelArgument } from '../tail/filter-flags.js';
import { parseSince } from '../tail/since.js';
import { BAD_KINDS } from './audit.messages.js';
import { wholeNumber } from './whole-number.js';

/** Flags that say which entries. */
export interface QueryFlags {
  readonly id?: string;
  readonly action?: string;
  readonly actor?: string;
  readonly target?: string;
  readonly outcome?: string;
  readonly level?: LogLevel;
  readonly logger?: string;
  readonly from?: number;
  readonly to?: number;
  readonly text?: string;
  readonly kinds?: readonly TrailEntryKind[];
  readonly after?: number;
  readonly before?: number;
}

export function addQueryFlags(command: Command): Command {
  return command
    .optionsGroup('Which entries:')
    .option('--action <name>', 'an action, or the beginning of one with * behind it')
    .option('--actor <id>', 'who did it')
    .option('--target <id>', 'to whom or what')
    .addOption(new Option('--outcome <name>', 'how it ended: success, failure, unknown'))
    .option('-l, --level <name>', 'lowest level: debug, info, warning, error, critical', levelArgument)
    .option('--logger <name>', 'name of the logger; * stands for anything')
    .option('--from <when>', 'of 90s, 15m, 2h, 1d ago and later, or of a time in ISO 8601', when)
    .option('--to <when>', 'of before that', when)
    .option('--text <text>', 'text that occurs anywhere in the entry, in any case')
    .option('--kinds <names>', `${TRAIL_ENTRY_KINDS.join(', ')}; separated by commas`, kinds)
    .option('--id <id>', 'the one with this id')
    .option('--after <seq>', 'behind this entry', wholeNumber(0))
    .option('--before <seq>', 'ahead of this entry', wholeNumber(0));
}

/** The flags as the trail wants them. */
export function queryOf(flags: QueryFlags): TrailQuery {
  const { id, action, actor, target, outcome, level, logger, from, to, text, kinds, after, before } = flags;
  const query = { id, action, actor, target, outcome, level, logger, from, to, text, kinds, after, before };
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
}

function when(text: string): number {
  return parseSince(text);
}

function kinds(text: string, before: readonly TrailEntryKind[] = []): TrailEntryKind[] {
  const given = text.split(',').filter(Boolean);
  if (given.length === 0 || !given.every(isKind))
    throw new InvalidArgumentError(BAD_KINDS(TRAIL_ENTRY_KINDS));
  return [...before, ...given];
}

function isKind(kind: string): kind is TrailEntryKind {
  return TRAIL_ENTRY_KINDS.includes(kind as TrailEntryKind);
}
