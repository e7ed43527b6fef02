import {
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { createInterface } from 'node:readline';
import { syncDirectoryOf } from './sync-directory.js';

const OWNER_ONLY = 0o600;

/** Not by way of a link that somebody has put there; Windows has no such flag. */
const APPEND = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);

/** Every note of ours begins so, and no other line of it: where one was cut off, the next is still found. */
const FIRST_LINE = /^nestjs-log-stream\/audit\//;
const SIGNATURE_LINE = /^\u2014 /;

/**
 * Appends a checkpoint to a file of anchors: notes, each followed by a blank line. It is on disk when this returns.
 * Only an anchor that the owner of the database cannot change shows a trail that was cut off or rewritten as a whole:
 * put the file on another machine, or on a file system that only appends.
 */
export function appendAnchor(path: string, note: string): void {
  const file = openSync(path, APPEND, OWNER_ONLY);
  try {
    const { size } = fstatSync(file);
    // Ends the line at which a crash cut off the note before.
    writeSync(file, `${endsWithBlankLine(file, size) ? '' : '\n'}${note}\n`);
    fsyncSync(file);
    if (size === 0) syncDirectoryOf(path);
  } finally {
    closeSync(file);
  }
}

/**
 * Reads the notes of a file of anchors, as they are. One that a crash cut off comes without its last line feed, so that
 * parsing says so.
 *
 * @param bytes how much of the file is read; all of it without
 */
export async function* readAnchors(path: string, bytes?: number): AsyncGenerator<string, void, undefined> {
  if (bytes === 0) return;
  let lines: string[] = [];
  let signed = false;
  const range = bytes === undefined ? {} : { end: bytes - 1 };
  const input = createReadStream(path, { encoding: 'utf8', ...range });
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (FIRST_LINE.test(line) && lines.length > 0) {
      yield cutOff(lines);
      lines = [];
      signed = false;
    }
    if (line === '' && signed) {
      yield `${lines.join('\n')}\n`;
      lines = [];
      signed = false;
      continue;
    }
    // Blank lines between notes.
    if (line === '' && lines.length === 0) continue;
    signed ||= SIGNATURE_LINE.test(line);
    lines.push(line);
  }
  if (lines.length > 0) yield cutOff(lines);
}

function endsWithBlankLine(file: number, size: number): boolean {
  if (size === 0) return true;
  const end = Buffer.alloc(2);
  readSync(file, end, 0, 2, Math.max(0, size - 2));
  return end.toString() === '\n\n';
}

function cutOff(lines: readonly string[]): string {
  return lines.join('\n').replace(/\n+$/, '');
}
