import { type Command } from 'commander';
import { CliError } from '../cli-error.js';
import { type CommandIo } from '../command-io.js';
import { AUDIT_EXIT_CODES } from './audit-exit-codes.js';
import { registerCheckpoint } from './checkpoint.command.js';
import { registerExport } from './export.command.js';
import { registerHolds } from './holds.command.js';
import { registerInit } from './init.command.js';
import { registerPrune } from './prune.command.js';
import { registerQuery } from './query.command.js';
import { registerVerify } from './verify.command.js';

const NOTE = `
These commands work on the file of a trail, on the machine where it is, for who may read it there; or on a trail in
PostgreSQL, given as postgres://user@host/database in place of the file. Reading it so is not itself audited, as
reading through the application is: who has the file, or the right to read the tables, can read it anyway.

For a file they need Node 22.13 or later, for its SQLite; \`verify\` of an NDJSON export works with older ones as well.
`;

/** `nestjs-log-stream audit ...` */
export function registerAudit(program: Command, io: CommandIo): void {
  const audit = program
    .command('audit')
    .summary('verify, search, export and prune an audit trail')
    .description('Works on the durable audit trail of an application (the option `trail`).')
    .addHelpText('after', NOTE)
    // Of all commands below, which take it over: what is wrong was said already.
    .exitOverride((error) => {
      throw error.exitCode === 0 ? error : new CliError(AUDIT_EXIT_CODES.could_not_run);
    });
  for (const register of [
    registerVerify,
    registerQuery,
    registerExport,
    registerCheckpoint,
    registerPrune,
    registerHolds,
    registerInit,
  ])
    register(audit, io);
}
