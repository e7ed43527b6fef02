import { lstatSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { defaultAnchors, defaultSpool } from '../../options/resolve-trail-options.js';
import { type ResolvedTrailOptions } from '../../options/trail-options.js';
import {
  besideLink,
  mountsUnreadable,
  mountOfItsOwn,
  notATrail,
  severalNames,
} from '../store/store.messages.js';
import { TrailError } from '../store/trail-error.js';

/** Links that lead to links: more than anybody has, and a bound for those that go round. */
const MOST_LINKS = 40;

/**
 * The file that a path leads to, also when that is not there yet. All that stands beside a trail is found by this name:
 * two names of one file would be two locks, and two logs of the same entries.
 */
export function realPathOf(file: string, links = MOST_LINKS): string {
  try {
    return realpathSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const directory = dirname(file);
  const isLink = lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  if (isLink && links > 0) return realPathOf(resolve(directory, readlinkSync(file)), links - 1);
  try {
    return join(realpathSync(directory), basename(file));
  } catch {
    // The directory is not there: said by who opens it.
    return file;
  }
}

/** The options of a trail at the path that its `file` leads to, with what is derived from that. */
export function atRealPath(options: ResolvedTrailOptions): ResolvedTrailOptions {
  const { file: given, anchors, spoolFile } = options;
  const file = realPathOf(given);
  if (file !== given) requireNothingBeside(given, file);
  return {
    ...options,
    file,
    // What the options name may be a link on purpose; what lies beside a trail may not.
    anchors: anchors === defaultAnchors(given) ? defaultAnchors(file) : elsewhere(anchors),
    spoolFile: spoolFile === defaultSpool(given) ? defaultSpool(file) : realPathOf(spoolFile),
  };
}

function elsewhere(anchors: ResolvedTrailOptions['anchors']): ResolvedTrailOptions['anchors'] {
  return typeof anchors === 'string' ? realPathOf(anchors) : anchors;
}

/** Before links were followed, these stood beside the link: a start must not make new ones in silence. */
function requireNothingBeside(link: string, file: string): void {
  for (const end of ['.key', '.anchors', '.spool']) {
    const isLeft =
      statSync(link + end, { throwIfNoEntry: false }) && !statSync(file + end, { throwIfNoEntry: false });
    if (isLeft) throw new TrailError('shared', besideLink(link + end, file + end));
  }
}

/**
 * Refuses what is there and is no file: to open a pipe waits for ever for who writes into it.
 *
 * @throws TrailError `not_a_trail`
 */
export function requireFile(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found && !found.isFile()) throw new TrailError('not_a_trail', notATrail(file));
}

/**
 * Refuses a file that others can reach by another name: SQLite finds its log and its locks by the path, so two processes
 * would write two logs over one file, each sure of its own, and what one has acknowledged would be gone.
 *
 * @throws TrailError `shared`
 */
export function requireOneName(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) return;
  if (found.nlink > 1) throw new TrailError('shared', severalNames(file, found.nlink));
  if (isMountPoint(file)) throw new TrailError('shared', mountOfItsOwn(file));
}

/** A bind mount has the device of the file system that it is of: only the table of mounts tells. */
function isMountPoint(file: string): boolean {
  if (process.platform !== 'linux') return false;
  let table: string;
  try {
    table = readFileSync('/proc/self/mountinfo', 'utf8');
  } catch (error) {
    process.emitWarning(mountsUnreadable(file, error), 'LogStreamWarning');
    return false;
  }
  return table.split('\n').some((line) => mountPointOf(line) === file);
}

/** The fifth field (proc_pid_mountinfo(5)), in which white space and backslashes are octal. */
function mountPointOf(line: string): string | undefined {
  const field = line.split(' ')[4];
  if (field === undefined) return undefined;
  const bytes = field.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return bytes;
}
