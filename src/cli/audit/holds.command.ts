import { type Command } from 'commander';
import { type Hold } from '../../trail/store/hold.js';
import { type CommandIo } from '../command-io.js';
import { fieldSpans } from '../tail/field-spans.js';
import { parseSince } from '../tail/since.js';
import { layout, type Span } from '../terminal/layout.js';
import { visible, visibleJson } from '../terminal/visible-text.js';
import { HOLD_IN_APP, NO_HOLDS, placed, released } from './audit.messages.js';
import { type EntryLayoutOptions } from './entry-layout.js';
import { addLookFlags, lookOf, type LookFlags } from './look.js';
import { runAudit } from './run-audit.js';
import { viewOf } from './trail-files.js';
import { addWriteFlags, holdsOf, type WriteFlags, writing } from './write-trail.js';

interface HoldFlags extends WriteFlags {
  readonly reason: string;
  readonly from?: number;
  readonly to?: number;
  readonly action?: string;
  readonly json?: boolean;
}

const EXIT_CODES = `
Exit codes:
  0  done
  1  refused, or the arguments are wrong
`;

const HOLD_EXAMPLES = `
What a hold keeps is not pruned, nor is anything after its first entry. A hold is itself an entry of the
trail, with its reason and who placed it. While an application has the trail open this is refused: then use
AuditTrail.holds there.

Examples:
  $ nestjs-log-stream audit hold audit.db --reason 'case 7' --from 2026-01-01 --to 2026-02-01
  $ nestjs-log-stream audit hold audit.db --reason 'case 8' --action 'payment_*'
  $ nestjs-log-stream audit holds audit.db
  $ nestjs-log-stream audit release audit.db 019a1c... --reason 'case 7 is closed'
${EXIT_CODES}`;

/** `nestjs-log-stream audit holds <file>`, `hold` and `release` */
export function registerHolds(audit: Command, io: CommandIo): void {
  registerList(audit, io);
  registerHold(audit, io);
  registerRelease(audit, io);
}

function registerList(audit: Command, io: CommandIo): void {
  const command = audit
    .command('holds')
    .summary('list what must not be pruned')
    .description('Lists the legal holds in force.')
    .argument('<file>', 'of the trail');
  addLookFlags(command, 'one JSON object in a line')
    .addHelpText('after', HOLD_EXAMPLES)
    .action((file: string, flags: LookFlags) =>
      runAudit(io, file, async ({ output }) => {
        await using view = viewOf(file);
        const holds = await view.holds();
        const look = lookOf(flags, io);
        const text = flags.json
          ? (hold: Hold) => `${visibleJson(JSON.stringify(hold))}\n`
          : (hold: Hold) => holdText(hold, look);
        for (const hold of holds) await output.write(text(hold));
        if (holds.length === 0 && !flags.json) await output.write(`${NO_HOLDS}\n`);
      }),
    );
}

function registerHold(audit: Command, io: CommandIo): void {
  const command = audit
    .command('hold')
    .summary('keep entries from being pruned')
    .description('Places a legal hold: on everything, or on a time, an action, or both.')
    .argument('<file>', 'of the trail')
    .requiredOption('--reason <text>', 'why; it is kept in the trail')
    .option('--from <when>', 'entries of this time and later', (text) => parseSince(text))
    .option('--to <when>', 'entries of this time and earlier', (text) => parseSince(text))
    .option('--action <name>', 'an action, or the beginning of one with * behind it');
  addWriteFlags(command)
    .option('--json', 'the receipt of its entry as a JSON object')
    .addHelpText('after', HOLD_EXAMPLES)
    .action((file: string, flags: HoldFlags) =>
      runAudit(io, file, async ({ output }) => {
        const { reason, from, to, action } = flags;
        const hold = {
          reason,
          ...(from !== undefined && { from: new Date(from).toISOString() }),
          ...(to !== undefined && { to: new Date(to).toISOString() }),
          ...(action !== undefined && { action }),
        };
        const receipt = await writing(file, flags, { instead: HOLD_IN_APP }, (backend) =>
          holdsOf(backend, file).place(hold),
        );
        await output.write(`${flags.json ? JSON.stringify(receipt) : placed(receipt.hold)}\n`);
      }),
    );
}

function registerRelease(audit: Command, io: CommandIo): void {
  const command = audit
    .command('release')
    .summary('let a hold go')
    .description('Releases a legal hold.')
    .argument('<file>', 'of the trail')
    .argument('<id>', 'of the hold')
    .requiredOption('--reason <text>', 'why; it is kept in the trail');
  addWriteFlags(command)
    .option('--json', 'the receipt of its entry as a JSON object')
    .addHelpText('after', HOLD_EXAMPLES)
    .action((file: string, id: string, flags: HoldFlags) =>
      runAudit(io, file, async ({ output }) => {
        const receipt = await writing(file, flags, { instead: HOLD_IN_APP }, (backend) =>
          holdsOf(backend, file).release(id, flags.reason),
        );
        await output.write(`${flags.json ? JSON.stringify(receipt) : visible(released(id))}\n`);
      }),
    );
}

function holdText(
  { id, seq, since, reason, from, to, action }: Hold,
  { paint, clock, width }: EntryLayoutOptions,
): string {
  const day = clock.day(new Date(since));
  const spans: Span[] = [
    { text: visible(id), style: 'emphasis' },
    { text: ` ${visible(day === undefined ? since : `${day} ${clock.time(since)}`)}`, style: 'time' },
    ...field('entry', seq),
    ...field('reason', reason),
    ...field('from', from),
    ...field('to', to),
    ...field('action', action),
  ];
  return layout(spans, { width: width(), indent: 4, paint });
}

function field(name: string, value: unknown): Span[] {
  return value === undefined ? [] : fieldSpans(name, value, 'value', (span) => [span]);
}
