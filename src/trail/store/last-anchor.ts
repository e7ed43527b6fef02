import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { originOf, parseCheckpoint, type SignedCheckpoint } from '../evidence/checkpoint-note.js';

/** Holds more than the last note, however many keys signed it. */
const TAIL_BYTES = 65_536;

/**
 * The last whole note in a file of anchors, which may hold those of several trails.
 *
 * @param trail of which one; without it of any
 */
export function lastAnchor(path: string, trail?: string): SignedCheckpoint | undefined {
  const notes = readTail(path).split(/(?=^nestjs-log-stream\/audit\/)/m);
  const origin = trail === undefined ? '' : `${originOf(trail)}\n`;
  return notes
    .filter((note) => note.startsWith(origin))
    .map(parsed)
    .findLast((note) => note !== undefined);
}

function parsed(note: string): SignedCheckpoint | undefined {
  try {
    return parseCheckpoint(note.replace(/\n+$/, '\n'));
  } catch {
    // Cut off by a crash; the verifier says more about it.
    return undefined;
  }
}

function readTail(path: string): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
  try {
    const { size } = fstatSync(file);
    const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
    readSync(file, tail, 0, tail.length, size - tail.length);
    return tail.toString();
  } finally {
    closeSync(file);
  }
}
