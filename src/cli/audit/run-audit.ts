import { CliError } from '../cli-error.js';
import { type CommandIo } from '../command-io.js';
import { PacedOutput } from '../tail/output.js';
import { asCliError, refusal } from './audit-error.js';
import { AUDIT_EXIT_CODES } from './audit-exit-codes.js';
import { Progress } from './progress.js';

/** What a command of `audit` works with. */
export interface AuditRun {
  readonly output: PacedOutput;
  readonly progress: Progress;
  /** Aborted when the user interrupts, or when nobody reads the output any more. */
  readonly signal: AbortSignal;
}

/**
 * Runs a command: its errors become sentences, and it ends quietly when it is interrupted or nobody reads.
 *
 * @param file that it is about, for errors
 * @throws CliError unless it ends well
 */
export async function runAudit(
  io: CommandIo,
  file: string,
  work: (run: AuditRun) => Promise<void>,
): Promise<void> {
  const output = new PacedOutput(io.stdout);
  using progress = new Progress(io.stderr, io.env);
  const signal = AbortSignal.any([io.signal, output.closed]);
  try {
    await work({ output, progress, signal });
  } catch (error) {
    progress.clear();
    if (error instanceof CliError) throw error;
    // What it was doing failed because it was told to end.
    if (!signal.aborted) throw asCliError(error, file);
  }
  if (io.signal.aborted) throw new CliError(AUDIT_EXIT_CODES.interrupted);
  if (output.failure) throw refusal(output.failure.message);
}
