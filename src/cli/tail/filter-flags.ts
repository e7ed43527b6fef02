import { InvalidArgumentError } from 'commander';
import { type FilterSpec, type LogLevel } from '../../client/index.js';
import { parseLevel } from '../../wire/level.js';
import { CliError } from '../cli-error.js';
import { BAD_LEVEL, BAD_WHERE, SEVERAL_NOTS } from '../cli.messages.js';
import { EXIT_CODES } from '../exit-code.js';

/** What the flags say of which records to show. */
export interface FilterFlags {
  readonly category?: 'system' | 'audit' | 'both';
  readonly level?: LogLevel;
  readonly logger?: readonly string[];
  readonly action?: readonly string[];
  readonly search?: string;
  readonly where?: Readonly<Record<string, string>>;
  /** Id of the request whose story is wanted. */
  readonly request?: string;
  readonly notLogger?: readonly string[];
  readonly notAction?: readonly string[];
  readonly notSearch?: string;
  readonly notWhere?: Readonly<Record<string, string>>;
}

export function levelArgument(text: string): LogLevel {
  const level = parseLevel(text);
  if (!level) throw new InvalidArgumentError(BAD_LEVEL);
  return level;
}

/** `a,b`, or the flag several times. */
export function collectPatterns(text: string, before: readonly string[] = []): string[] {
  return [...before, ...text.split(',').filter(Boolean)];
}

export function collectFields(text: string, before: Record<string, string> = {}): Record<string, string> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError(BAD_WHERE);
  // Defined, not assigned: `__proto__` is a name like any other.
  return Object.fromEntries([...Object.entries(before), [name, value!]]);
}

/**
 * @returns `undefined` when nothing is said: then the query of the URL holds
 * @throws CliError
 */
export function filterOf(flags: FilterFlags): FilterSpec | undefined {
  const { category, level, logger, action, search, request } = flags;
  const where = request === undefined ? flags.where : { ...flags.where, request_id: request };
  const nots: FilterSpec[] = [
    { logger: flags.notLogger },
    { action: flags.notAction },
    { search: flags.notSearch },
    { where: flags.notWhere },
  ].filter((not) => Object.values(not).some((value) => value !== undefined));
  if (nots.length > 1) throw new CliError(EXIT_CODES.usage, SEVERAL_NOTS);
  const filter: FilterSpec = {
    category: category === 'both' ? undefined : category,
    level,
    logger,
    action,
    search,
    where,
    not: nots[0],
  };
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  return given.length > 0 ? Object.fromEntries(given) : undefined;
}
