import { parseCheckpoint, type SignedCheckpoint } from '../checkpoint-note.js';
import { MalformedNoteError } from '../signed-note.js';

/** A note that was read: as a checkpoint, or with what keeps it from being one. */
export type ReadNote = { readonly signed: SignedCheckpoint } | { readonly problem: string };

export function readNote(note: string): ReadNote {
  try {
    return { signed: parseCheckpoint(note) };
  } catch (error) {
    if (!(error instanceof MalformedNoteError)) throw error;
    return { problem: error.problem };
  }
}
