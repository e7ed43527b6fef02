import { type Command } from 'commander';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { UuidV7 } from '../../record/record-id.js';
import { resolveTrailOptions } from '../../options/resolve-trail-options.js';
import { originOf } from '../../trail/evidence/checkpoint-note.js';
import { SigningKey } from '../../trail/evidence/signing-key.js';
import { draftOf } from '../../trail/store/draft-entry.js';
import { type NewEntry } from '../../trail/store/trail-entry.js';
import { type TrailReceipt } from '../../record/kept-entry.js';
import { TrailError } from '../../trail/store/trail-error.js';
import { type TrailProblem } from '../../trail/store/trail-status.js';
import { TrailHolds } from '../../trail/store/trail-holds.js';
import { writableTrail } from '../../trail/open-trail.js';
import { isPostgres, trailAt } from '../../trail/trail-at.js';
import { type BackendListener, type TrailBackend } from '../../trail/store/trail-backend.js';
import { refusal } from './audit-error.js';
import {
  doneBut,
  inUse,
  keyFileOfOther,
  keyFileUnreadable,
  keyMissing,
  otherOwner,
} from './audit.messages.js';
import { anchorsBeside, locate, viewOf } from './trail-files.js';

/** Flags of commands that write. */
export interface WriteFlags {
  readonly keyFile?: string;
  readonly anchors?: string;
}

/** Where an application anchors by a function of its own, a command leaves that to its next start. */
const NOWHERE = (): void => {};

/** How a command that writes is watched. */
interface WriteRun {
  readonly instead?: string;
  readonly pruning?: (step: number) => void;
}

/** A command writes little, and gives up no ballast of the application. */
const NO_SPACE_NEEDED = { lowBytes: 0, ballastBytes: 0 };

export function addWriteFlags(command: Command): Command {
  return command
    .option('--key-file <file>', 'private key that signs the trail, as PEM (default: <file>.key)')
    .option('--anchors <file>', 'where checkpoints are appended (default: <file>.anchors, where it is)');
}

/** Who changed the trail, in the entries that a command makes. */
const instance = (): string => `audit-cli:${userInfo().username}@${hostname()}:${process.pid}`;

/**
 * Opens a trail that is there and that no application has open, and gives it back when the work is done: signed, and
 * anchored where the anchors of the trail are.
 *
 * @param instead what to say where an application has it open; without, that is a TrailError `locked`
 * @param pruning hears of each step of a pruning
 * @throws CliError, also when the work was done but not anchored
 */
export async function writing<T>(
  given: string,
  { keyFile, anchors = anchorsBeside(given) }: WriteFlags,
  { instead, pruning = () => {} }: WriteRun,
  work: (backend: TrailBackend) => Promise<T>,
): Promise<T> {
  // Where a link leads to, its key lies. And the writer would make what is not there.
  const file = isPostgres(given) ? given : locate(given).name;
  const key = keyFile === undefined ? undefined : await readKey(keyFile, file);
  const place = isPostgres(given) ? { postgres: { url: given } } : { file };
  if (!isPostgres(given)) requireOwner(file);
  const options = {
    ...resolveTrailOptions({ ...place, key, space: NO_SPACE_NEEDED }),
    anchors: anchors ?? NOWHERE,
  };
  let problem: TrailProblem | undefined;
  const listener: BackendListener = {
    checkpoint: () => {},
    upkeep: (found) => void (problem ??= found),
    space: () => {},
    pruning,
    ended: () => {},
  };
  const backend = (await writableTrail(options, instance())).connect(listener);
  let result: T;
  try {
    await explained(file, options, instead, () => backend.open());
    result = await work(backend);
  } finally {
    await backend.close();
  }
  if (problem !== undefined) throw refusal(doneBut(problem.message));
  return result;
}

async function explained<T>(
  file: string,
  { key }: { readonly key: string | undefined },
  instead: string | undefined,
  open: () => Promise<T>,
): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof TrailError)) throw error;
    if (error.code === 'locked' && instead !== undefined) throw refusal(inUse(file, instead));
    const isWithoutKey = error.code === 'key' && key === undefined && !existsSync(`${file}.key`);
    throw isWithoutKey ? refusal(keyMissing(file)) : error;
  }
}

/** Legal holds, by a backend that is open. */
export function holdsOf(backend: TrailBackend, file: string): TrailHolds {
  const ids = new UuidV7();
  return new TrailHolds({
    instance: instance(),
    append: (entry) => append(backend, entry, ids),
    activeHolds: async () => {
      // Without a look at what it is: the writer of this process has it open, and would lose its locks by that.
      await using view = trailAt(file).view();
      return await view.holds();
    },
    newId: () => ids.next(),
  });
}

async function append(backend: TrailBackend, entry: NewEntry, ids: UuidV7): Promise<TrailReceipt> {
  const { id, text } = draftOf(entry, ids);
  const { seqs, chains, refused } = await backend.append(`[${text}]`);
  const [error] = refused;
  if (error) throw new TrailError(error.code, error.message);
  return { id, seq: seqs[0]!, hash: Buffer.from(chains).toString('hex') };
}

/** Files that root makes, an application that is not root cannot open. */
function requireOwner(file: string): void {
  const { uid } = statSync(file);
  const own = process.getuid?.();
  if (own !== undefined && own !== uid) throw refusal(otherOwner(file, uid));
}

/** Given another key, a writer would take that for a rotation. */
async function readKey(path: string, file: string): Promise<string> {
  await using view = viewOf(file);
  const { trail, verifier = '' } = await view.summary();
  const pem = readPem(path);
  let key: SigningKey;
  try {
    key = SigningKey.fromPem(pem, originOf(trail));
  } catch (error) {
    throw refusal(keyFileUnreadable(path, (error as Error).message));
  }
  if (verifier !== '' && key.verifier !== verifier) throw refusal(keyFileOfOther(path, file, verifier));
  return pem;
}

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw refusal(keyFileUnreadable(path, (error as Error).message));
  }
}
