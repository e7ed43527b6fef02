import { type Command } from 'commander';
import { parseCheckpoint } from '../../trail/evidence/checkpoint-note.js';
import { TrailError } from '../../trail/store/trail-error.js';
import { type CommandIo } from '../command-io.js';
import { visible, visibleJson, visibleLines } from '../terminal/visible-text.js';
import { refusal } from './audit-error.js';
import { appSigns, NOTHING_SIGNED_YET } from './audit.messages.js';
import { runAudit } from './run-audit.js';
import { viewOf } from './trail-files.js';
import { addWriteFlags, type WriteFlags, writing } from './write-trail.js';

interface Flags extends WriteFlags {
  readonly json?: boolean;
}

const EXAMPLES = `
A checkpoint is what a trail was at one moment, signed (C2SP tlog-checkpoint). Kept where nobody who can
write the trail can change it, it is an anchor: it shows a tail that was cut off, and a full rewrite. What
is printed can be appended to a file of anchors as it is. While an application has the trail open, which
signs by itself, its newest checkpoint is printed.

Examples:
  $ nestjs-log-stream audit checkpoint audit.db >> /mnt/elsewhere/anchors
  $ nestjs-log-stream audit checkpoint audit.db --json | jq .size

Exit codes:
  0  done
  1  refused, or the arguments are wrong
`;

/** `nestjs-log-stream audit checkpoint <file>` */
export function registerCheckpoint(audit: Command, io: CommandIo): void {
  const command = audit
    .command('checkpoint')
    .summary('sign what the trail is now, for an anchor elsewhere')
    .description(
      'Signs what the trail is now and prints the note; or the newest one of a running application.',
    )
    .argument('<file>', 'of the trail');
  addWriteFlags(command)
    .option('--json', 'the note and what it says as a JSON object')
    .addHelpText('after', EXAMPLES)
    .action((file: string, flags: Flags) =>
      runAudit(io, file, async ({ output }) => {
        const signed = await signNow(file, flags);
        const note = signed ?? (await newestOf(file, io));
        await output.write(flags.json ? jsonOf(note, signed !== undefined) : `${visibleLines(note)}\n`);
      }),
    );
}

/** @returns `undefined` when an application has the trail open */
async function signNow(file: string, flags: Flags): Promise<string | undefined> {
  try {
    return await writing(file, flags, {}, async (backend) => (await backend.checkpoint()).note);
  } catch (error) {
    if (error instanceof TrailError && error.code === 'locked') return undefined;
    throw error;
  }
}

async function newestOf(file: string, { stderr }: CommandIo): Promise<string> {
  await using view = viewOf(file);
  const newest = await view.lastCheckpoint();
  if (!newest) throw refusal(NOTHING_SIGNED_YET);
  stderr.write(`${visible(appSigns(newest.size, (await view.summary()).last))}\n`);
  return newest.note;
}

function jsonOf(note: string, signedNow: boolean): string {
  const { trail, size, time } = parseCheckpoint(note).checkpoint;
  return `${visibleJson(JSON.stringify({ trail, size, time, signedNow, note }))}\n`;
}
