import { type Command } from 'commander';
import { type CommandIo } from '../command-io.js';
import { Clock } from '../terminal/clock.js';
import { paintFor } from '../terminal/paint.js';
import { type EntryLayoutOptions } from './entry-layout.js';

/** Flags that say what the output looks like. */
export interface LookFlags {
  readonly json?: boolean;
  readonly utc?: boolean;
  readonly color?: boolean;
}

export function addLookFlags(command: Command, json: string): Command {
  return command
    .optionsGroup('What it looks like:')
    .option('--json', json)
    .option('--utc', 'times in UTC, not local')
    .option('--color', 'colours, also into a pipe')
    .option('--no-color', 'no colours');
}

export function lookOf({ utc = false, color }: LookFlags, { stdout, env }: CommandIo): EntryLayoutOptions {
  return {
    paint: paintFor(stdout, env, color),
    clock: new Clock(utc),
    width: () => (stdout.isTTY ? stdout.columns : undefined),
  };
}
