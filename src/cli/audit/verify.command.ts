import { type Command } from 'commander';
import { type CommandIo } from '../command-io.js';
import { paintFor } from '../terminal/paint.js';
import { runAudit } from './run-audit.js';
import { verify, type VerifyFlags } from './verify.js';

const EXAMPLES = `
It reads everything once, in constant memory, and changes nothing; an application may go on writing.
Without --key the key is taken from the trail itself, and without anchors that were kept elsewhere neither
a tail that was cut off nor a full rewrite by who has the key can be seen: what could not be established
is always said. Anchors are checkpoints: those of the option \`trail.anchors\`, or what \`audit checkpoint\`
prints. For an export give anchors that are not younger than it, or it will seem to be cut off.

Examples:
  $ nestjs-log-stream audit verify audit.db
  $ nestjs-log-stream audit verify audit.db --anchors /mnt/elsewhere/anchors --key vkeys.txt
  $ nestjs-log-stream audit verify export.ndjson --key 'nestjs-log-stream/audit/...+1b2c3d4e+AZ...'
  $ nestjs-log-stream audit verify export.ndjson --json | jq .verdict

Exit codes:
  0  ok
  1  nothing could be verified: no such file, no trail, a wrong argument
  2  altered: an entry is not what was stored
  3  a gap, a reorder or a fork
  4  truncated: a checkpoint or anchor knows of more entries, or the export was cut off
  5  rewritten: a signed note says something else of the same entries
  6  bad key: a signature is false, or of no key that is known or trusted
  130  interrupted: it says nothing then
`;

/** `nestjs-log-stream audit verify <file>` */
export function registerVerify(audit: Command, io: CommandIo): void {
  audit
    .command('verify')
    .summary('check that nothing was changed, removed or put in')
    .description('Verifies a trail, or an export of one: that nothing was changed, removed, moved or put in.')
    .argument('<file>', 'the trail, or an export as NDJSON')
    .option('--anchors <file>', 'checkpoints that were kept elsewhere (default: <file>.anchors of a trail)')
    .option('--no-anchors', 'not those that lie beside the trail either')
    .option('--key <vkey>', 'a key that you trust, or a file of them; may be repeated', collect)
    .optionsGroup('What it looks like:')
    .option('--json', 'the report as one JSON object')
    .option('--color', 'colours, also into a pipe')
    .option('--no-color', 'no colours')
    .addHelpText('after', EXAMPLES)
    .action((file: string, flags: VerifyFlags) =>
      runAudit(io, file, (run) => verify(file, flags, paintFor(io.stdout, io.env, flags.color), run)),
    );
}

function collect(key: string, before: readonly string[] = []): string[] {
  return [...before, key];
}
