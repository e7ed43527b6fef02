import { type Command, Option } from 'commander';
import { type TrailEntry } from '../../trail/store/trail-entry.js';
import { type TrailView } from '../../trail/store/trail-view.js';
import { type CommandIo } from '../command-io.js';
import { type DamagedEntry } from '../../trail/store/trail-query.js';
import { tellDamaged } from './tell-damaged.js';
import { visibleJson } from '../terminal/visible-text.js';
import { refusal } from './audit-error.js';
import { LAST_AND_LIMIT } from './audit.messages.js';
import { entryText } from './entry-layout.js';
import { foundEntries } from './found-entries.js';
import { addLookFlags, lookOf, type LookFlags } from './look.js';
import { addQueryFlags, queryOf, type QueryFlags } from './query-flags.js';
import { type AuditRun, runAudit } from './run-audit.js';
import { viewOf } from './trail-files.js';
import { wholeNumber } from './whole-number.js';

interface Flags extends QueryFlags, LookFlags {
  readonly limit?: number;
  readonly last?: number;
  readonly order?: 'asc' | 'desc';
}

/** More at once would have to be kept in memory. */
const MOST_LAST = 10_000;

const EXAMPLES = `
Examples:
  $ nestjs-log-stream audit query audit.db --last 20
  $ nestjs-log-stream audit query audit.db --action 'user_*' --outcome failure --from 7d
  $ nestjs-log-stream audit query audit.db --actor ann --target u-17 --from 2026-01-01 --to 2026-02-01
  $ nestjs-log-stream audit query audit.db --kinds gap,pruned,key,hold,release
  $ nestjs-log-stream audit query audit.db --level warning --json | jq .data.message

Each entry is compared with its own payload and hash before it is shown. That none is missing, and that they
are what was signed, says \`audit verify\`.

Exit codes:
  0  done, whether anything was found or not
  1  it could not be read, or the arguments are wrong
  2  altered: some of what was found is not what was stored, and is not shown
  130  interrupted
`;

/** `nestjs-log-stream audit query <file>` */
export function registerQuery(audit: Command, io: CommandIo): void {
  const command = audit
    .command('query')
    .summary('find entries')
    .description('Finds entries of a trail, also of one that an application writes to; oldest first.')
    .argument('<file>', 'of the trail');
  addQueryFlags(command)
    .option(
      '-n, --last <count>',
      `the newest so many of them, at most ${MOST_LAST}`,
      wholeNumber(1, MOST_LAST),
    )
    .option('--limit <count>', 'end after so many', wholeNumber(1))
    .addOption(new Option('--order <order>', 'oldest or newest first').choices(['asc', 'desc']));
  addLookFlags(command, 'one JSON object in a line: seq, kind, stream, instance, data, hash')
    .addHelpText('after', EXAMPLES)
    .action((file: string, flags: Flags) =>
      runAudit(io, file, async (run) => {
        await using view = viewOf(file);
        const look = lookOf(flags, io);
        const text = flags.json ? jsonLine : (entry: TrailEntry) => entryText(entry, look);
        const damaged: DamagedEntry[] = [];
        for await (const entry of wanted(view, flags, run, damaged)) {
          await run.output.write(text(entry));
          if (run.signal.aborted) return;
        }
        tellDamaged(damaged);
      }),
    );
}

async function* wanted(
  view: TrailView,
  flags: Flags,
  run: AuditRun,
  damaged: DamagedEntry[],
): AsyncIterable<TrailEntry> {
  const { last, limit = Number.POSITIVE_INFINITY, order = 'asc', after, before } = flags;
  if (last === undefined) return yield* foundEntries(view, { ...queryOf(flags), order }, limit, run, damaged);
  if ([flags.limit, flags.order, after, before].some((flag) => flag !== undefined))
    throw refusal(LAST_AND_LIMIT);
  const newest: TrailEntry[] = [];
  const query = { ...queryOf(flags), order: 'desc' } as const;
  for await (const entry of foundEntries(view, query, last, run, damaged)) newest.push(entry);
  yield* newest.toReversed();
}

/** Without the stored text, which says the same again. */
function jsonLine({ seq, kind, stream, instance, data, hash }: TrailEntry): string {
  return `${visibleJson(JSON.stringify({ seq, kind, stream, instance, data, hash }))}\n`;
}
