import { type Command, Option } from 'commander';
import { setImmediate } from 'node:timers/promises';
import { exportTrail } from '../../trail/evidence/export-trail.js';
import { type TrailView } from '../../trail/store/trail-view.js';
import { type CommandIo } from '../command-io.js';
import { visible, visibleJson, visibleLines } from '../terminal/visible-text.js';
import { refusal } from './audit-error.js';
import { exported, FILTERED_NDJSON } from './audit.messages.js';
import { CSV_HEADER, csvEntry } from './csv-entry.js';
import { ExportOutput } from './export-output.js';
import { foundEntries } from './found-entries.js';
import { addQueryFlags, queryOf, type QueryFlags } from './query-flags.js';
import { type DamagedEntry } from '../../trail/store/trail-query.js';
import { tellDamaged } from './tell-damaged.js';
import { type AuditRun, runAudit } from './run-audit.js';
import { viewOf } from './trail-files.js';

interface Flags extends QueryFlags {
  readonly format: 'ndjson' | 'csv';
  readonly out?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
NDJSON is the export that an auditor can verify without anything of yours: all entries, byte by byte as
they were hashed, with the checkpoints between them. Give the verifier keys and the anchors by another way.
CSV is for reading, of all entries or of some. In it, cells that a spreadsheet would take for formulas begin
with an apostrophe, and control characters are pictures.

Examples:
  $ nestjs-log-stream audit export audit.db --out audit-2026.ndjson
  $ nestjs-log-stream audit export audit.db | gzip > audit.ndjson.gz
  $ nestjs-log-stream audit export audit.db --format csv --from 30d --outcome failure --out failures.csv

Exit codes:
  0  done
  1  it could not be read or written, or the arguments are wrong
  130  interrupted; the file of --out is gone then
`;

/** `nestjs-log-stream audit export <file>` */
export function registerExport(audit: Command, io: CommandIo): void {
  const command = audit
    .command('export')
    .summary('write the trail as NDJSON that verifies, or entries as CSV')
    .description('Writes the whole trail as NDJSON, which verifies by itself, or entries of it as CSV.')
    .argument('<file>', 'of the trail')
    .addOption(new Option('--format <format>', 'ndjson or csv').choices(['ndjson', 'csv']).default('ndjson'))
    .option('--out <file>', 'a new file, for its owner only (default: the standard output)')
    .option('--json', 'with --out: tell what was written as a JSON object');
  addQueryFlags(command)
    .addHelpText('after', EXAMPLES)
    .action((file: string, flags: Flags) => runAudit(io, file, (run) => exportFile(file, flags, run, io)));
}

/** What a terminal is shown of an export: it obeys none of what somebody got logged. */
const SHOWN: Readonly<Record<Flags['format'], (text: string) => string>> = {
  ndjson: (text) => text.split('\n').map(visibleJson).join('\n'),
  csv: visibleLines,
};

async function exportFile(file: string, flags: Flags, run: AuditRun, io: CommandIo): Promise<void> {
  const { stdout, stderr } = io;
  const { format, out } = flags;
  if (format === 'ndjson' && Object.keys(queryOf(flags)).length > 0) throw refusal(FILTERED_NDJSON);
  await using view = viewOf(file);
  await using output = await ExportOutput.open(
    out,
    run.output,
    stdout.isTTY ? SHOWN[format] : (text) => text,
  );
  const entries = await (format === 'csv' ? writeCsv : writeNdjson)(view, flags, output, run);
  if (entries === undefined) return;
  await output.complete();
  run.progress.clear();
  if (out === undefined) return;
  const { trail } = await view.summary();
  if (flags.json) await run.output.write(`${JSON.stringify({ trail, entries, format, out })}\n`);
  else stderr.write(`${visible(exported(entries, out, trail))}\n`);
}

/** @returns how many entries; `undefined` when it was interrupted */
async function writeNdjson(
  view: TrailView,
  _flags: Flags,
  output: ExportOutput,
  { progress, signal }: AuditRun,
): Promise<number | undefined> {
  await using evidence = await view.evidence();
  const { last, prunedThrough } = evidence;
  let entries = 0;
  for await (const line of exportTrail(evidence)) {
    if (line.startsWith('{"type":"entry"')) entries += 1;
    if (!(await output.write(`${line}\n`))) continue;
    progress.show('Exported', entries, last - prunedThrough);
    // A write to a file ends at once, so that an interrupt would never be heard.
    await setImmediate();
    if (signal.aborted) return undefined;
  }
  return entries;
}

/** @returns how many entries; `undefined` when it was interrupted */
async function writeCsv(
  view: TrailView,
  flags: Flags,
  output: ExportOutput,
  run: AuditRun,
): Promise<number | undefined> {
  let entries = 0;
  const damaged: DamagedEntry[] = [];
  await output.write(CSV_HEADER);
  for await (const entry of foundEntries(view, queryOf(flags), Number.POSITIVE_INFINITY, run, damaged)) {
    entries += 1;
    await output.write(csvEntry(entry));
  }
  // Half of it must not pass for all.
  tellDamaged(damaged);
  return run.signal.aborted ? undefined : entries;
}
