import { ExportError } from '../../trail/evidence/export-format.js';
import { trailErrorOf } from '../../trail/sqlite/sqlite.js';
import { TrailError } from '../../trail/store/trail-error.js';
import { CliError } from '../cli-error.js';
import { failure } from '../cli.messages.js';
import { visible } from '../terminal/visible-text.js';
import { AUDIT_EXIT_CODES } from './audit-exit-codes.js';
import { sqliteNeeded, unreadable } from './audit.messages.js';

/** Ends a command that could not do what it was asked for, with a sentence. */
export function refusal(message: string): CliError {
  return new CliError(AUDIT_EXIT_CODES.could_not_run, failure(visible(message)));
}

/** What an error means to who called the command. */
export function asCliError(error: unknown, file: string): unknown {
  if (error instanceof TrailError && error.code === 'unsupported')
    return refusal(sqliteNeeded(process.version));
  if (error instanceof TrailError || error instanceof ExportError) return refusal(error.message);
  if (!(error instanceof Error) || !('code' in error)) return error;
  if ('errcode' in error) return refusal(trailErrorOf(error, file).message);
  return 'syscall' in error ? refusal(unreadable(file, error.message)) : error;
}
