import { Command, CommanderError } from 'commander';
import { createRequire } from 'node:module';
import { registerAudit } from './audit/audit.command.js';
import { CliError } from './cli-error.js';
import { type CommandIo } from './command-io.js';
import { EXIT_CODES } from './exit-code.js';
import { registerMcp } from './mcp/mcp.command.js';
import { registerTail } from './tail/tail.command.js';

/** Adds one subcommand. It ends well when its action does, and otherwise with the code of a {@link CliError}. */
export type RegisterCommand = (program: Command, io: CommandIo) => void;

const COMMANDS: readonly RegisterCommand[] = [registerTail, registerAudit, registerMcp];

/** The command line, without a process around it. */
export function createProgram(io: CommandIo): Command {
  const program = new Command('nestjs-log-stream')
    .description('Watch what a Nest application does.')
    .version(version(), '-V, --version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? 80,
      getErrHelpWidth: () => io.stderr.columns ?? 80,
    })
    .showHelpAfterError('(--help shows what there is)');
  for (const register of COMMANDS) register(program, io);
  return program;
}

/** @returns the exit code */
export async function runProgram(args: readonly string[], io: CommandIo): Promise<number> {
  try {
    await createProgram(io).parseAsync(args, { from: 'user' });
    return EXIT_CODES.done;
  } catch (error) {
    // It has said what is wrong; help and version end this way, too.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.done : EXIT_CODES.usage;
    if (!(error instanceof CliError)) throw error;
    if (error.message) io.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
}

function version(): string {
  const { version } = createRequire(import.meta.url)('nestjs-log-stream/package.json') as { version: string };
  return version;
}
