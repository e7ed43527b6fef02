import { type Command } from 'commander';
import { resolvePostgresOptions } from '../../options/resolve-postgres-options.js';
import { type ResolvedPostgresOptions } from '../../options/postgres-options.js';
import { initSql } from '../../trail/postgres/init-sql.js';
import { initTrail } from '../../trail/postgres/init-trail.js';
import { isPostgres, trailAt } from '../../trail/trail-at.js';
import { type CommandIo } from '../command-io.js';
import { visible } from '../terminal/visible-text.js';
import { refusal } from './audit-error.js';
import { initialised, NO_POSTGRES_URL } from './audit.messages.js';
import { runAudit } from './run-audit.js';

const EXAMPLES = `
Makes the tables, functions and roles of a trail (the option \`trail.postgres\`), and may run again: what is there
stays, and a newer version brings it up to itself. Run it as the owner of the database, who may make roles. Then
grant the role that ends in _app to the user of the application, the one that ends in _signer to who signs, and
the one that ends in _reader to an auditor.

Examples:
  $ nestjs-log-stream audit init postgres://owner@host/app
  $ nestjs-log-stream audit init 'postgres://owner@host/app?schema=audit_eu'
  $ nestjs-log-stream audit init postgres://owner@host/app --print | psql postgres://owner@host/app

Exit codes:
  0  done
  1  refused, or the arguments are wrong
`;

/** `nestjs-log-stream audit init <url>` */
export function registerInit(audit: Command, io: CommandIo): void {
  audit
    .command('init')
    .summary('make what a trail needs in PostgreSQL')
    .description('Makes the schema, functions and roles of a trail in PostgreSQL, or brings them up to date.')
    .argument('<url>', 'as postgres://user@host/database, with ?schema=name unless it is `audit`')
    .option('--print', 'only print the SQL, for those who run it themselves')
    .addHelpText('after', EXAMPLES)
    .action((url: string, { print }: { readonly print?: boolean }) =>
      runAudit(io, url, async ({ output }) => {
        const options = optionsOf(url);
        if (print) return output.write(initSql(options.schema));
        await initTrail(options);
        await output.write(`${visible(initialised(options.schema, trailAt(url).name))}\n`);
      }),
    );
}

function optionsOf(url: string): ResolvedPostgresOptions {
  if (!isPostgres(url)) throw refusal(NO_POSTGRES_URL);
  try {
    return resolvePostgresOptions({ url });
  } catch (error) {
    throw refusal((error as Error).message);
  }
}
