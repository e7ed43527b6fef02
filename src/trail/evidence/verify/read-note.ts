import { parseCheckpoint, type SignedCheckpoint } from '../checkpoint-note.js';
import { MalformedNoteError } from '../signed-note.js';

/** A note that was read: as a checkpoint, or with what keeps it from being one. */
export type ReadNote =
  | { readonly text: string; readonly signed: SignedCheckpoint }
  | { readonly text: string; readonly problem: string };

export function readNote(text: string): ReadNote {
  try {
    return { text, signed: parseCheckpoint(text) };
  } catch (error) {
    if (!(error instanceof MalformedNoteError)) throw error;
    return { text, problem: error.problem };
  }
}
