import { type Command } from 'commander';
import { pruneBounds } from '../../trail/store/prune-request.js';
import { type PrunableStretch, type PruneBounds, type PruneResult } from '../../trail/store/pruned.js';
import { type TrailView } from '../../trail/store/trail-view.js';
import { type CommandIo } from '../command-io.js';
import { parseSince } from '../tail/since.js';
import { visible } from '../terminal/visible-text.js';
import { refusal } from './audit-error.js';
import * as messages from './audit.messages.js';
import { parseBytes } from './bytes.js';
import { type AuditRun, runAudit } from './run-audit.js';
import { viewOf } from './trail-files.js';
import { addWriteFlags, type WriteFlags, writing } from './write-trail.js';

interface Flags extends WriteFlags {
  readonly olderThan?: number;
  readonly keepBytes?: number;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Only a part at the beginning is deleted, up to a signed checkpoint, and nothing that a hold keeps. A signed
entry takes its place, so that the rest still verifies. While an application has the trail open this is
refused: then use the option \`trail.retention\`, or AuditTrail.prune(). Export first what must not be gone.

Examples:
  $ nestjs-log-stream audit prune audit.db --older-than 365d --dry-run
  $ nestjs-log-stream audit prune audit.db --older-than 2026-01-01 --yes
  $ nestjs-log-stream audit prune audit.db --keep-bytes 2GiB --yes

Exit codes:
  0  done, also when there was nothing to delete
  1  refused, or the arguments are wrong
  130  interrupted; the next start of the application, or the next prune, deletes the rest of what was begun
`;

/** `nestjs-log-stream audit prune <file>` */
export function registerPrune(audit: Command, io: CommandIo): void {
  const command = audit
    .command('prune')
    .summary('delete the oldest entries, provably')
    .description('Deletes the oldest entries of a trail so that the rest still verifies.')
    .argument('<file>', 'of the trail')
    .option('--older-than <when>', 'what is older than 90d, or than a time in ISO 8601', (text) =>
      parseSince(text),
    )
    .option(
      '--keep-bytes <bytes>',
      'so much that about as many bytes stay, as 500000000 or 500MiB',
      parseBytes,
    )
    .option('--dry-run', 'only say what would be deleted, of what is signed already')
    .option('--yes', 'really delete it');
  addWriteFlags(command)
    .option('--json', 'what was deleted as a JSON object')
    .addHelpText('after', EXAMPLES)
    .action((file: string, flags: Flags) => runAudit(io, file, (run) => prune(file, flags, run)));
}

async function prune(file: string, flags: Flags, run: AuditRun): Promise<void> {
  const { olderThan, keepBytes, dryRun = false, yes = false } = flags;
  if (olderThan === undefined && keepBytes === undefined) throw refusal(messages.PRUNE_WHAT);
  const bounds = pruneBounds({
    ...(olderThan !== undefined && { olderThan }),
    ...(keepBytes !== undefined && { keepBytes }),
  });
  if (dryRun || !yes) {
    await using view = viewOf(file);
    const stretch = await view.prunable(bounds);
    await run.output.write(flags.json ? jsonOf(resultOf(stretch), true) : await announced(view, stretch));
    if (!dryRun && stretch.through >= stretch.from) throw refusal(messages.SAY_YES);
    return;
  }
  const result = await pruneReally(file, bounds, flags, run);
  run.progress.clear();
  await run.output.write(flags.json ? jsonOf(result, false) : done(result));
}

function pruneReally(
  file: string,
  bounds: PruneBounds,
  flags: WriteFlags,
  { progress, signal }: AuditRun,
): Promise<PruneResult> {
  const pruning = (step: number): void => progress.show('Deleting, step', step, 0);
  return writing(file, flags, { instead: messages.PRUNE_IN_APP, pruning }, async (backend) => {
    // What was begun is ended by the next one: what goes is signed before the first of it is gone.
    const stop = (): void => void backend.close();
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await backend.prune(bounds);
    } finally {
      signal.removeEventListener('abort', stop);
      signal.throwIfAborted();
    }
  });
}

function resultOf({ from, through, heldBy }: PrunableStretch): PruneResult {
  return through < from ? { count: 0, heldBy } : { count: through - from + 1, from, through, heldBy };
}

function jsonOf(result: PruneResult, dryRun: boolean): string {
  return `${JSON.stringify({ dryRun, ...result })}\n`;
}

async function announced(view: TrailView, stretch: PrunableStretch): Promise<string> {
  const { from, through, heldBy } = stretch;
  if (through < from) return `${messages.nothingToPrune(heldBy.length)}\n`;
  const [first, last] = [await timeOf(view, from), await timeOf(view, through)];
  return `${messages.wouldPrune(from, through, ` (${first} to ${last})`)}\n${heldLine(heldBy)}`;
}

function done({ from, through, heldBy }: PruneResult): string {
  if (from === undefined || through === undefined) return `${messages.nothingToPrune(heldBy.length)}\n`;
  return `${messages.pruned(from, through)}\n${heldLine(heldBy)}`;
}

function heldLine(ids: readonly string[]): string {
  return ids.length > 0 ? `${visible(messages.held(ids))}\n` : '';
}

async function timeOf(view: TrailView, seq: number): Promise<string> {
  const [entry] = (await view.query({ after: seq - 1, limit: 1 })).entries;
  return visible(String(entry?.data['timestamp']));
}
