import { checkpointLine, endLine, entryLine, headerLine } from './export-format.js';
import { FIRST_START } from './start-state.js';
import { NoteQueue } from './verify/note-queue.js';
import { type TrailEvidence } from './verify/verify-trail.js';

/** The lines of an export, without their line feeds: each checkpoint right behind the last entry that it covers. */
export async function* exportTrail(evidence: TrailEvidence): AsyncGenerator<string, void, undefined> {
  const { trail, keys, start = FIRST_START, entries } = evidence;
  const checkpoints = new NoteQueue(evidence.checkpoints);
  let last = start.through;
  try {
    yield headerLine({ trail, keys, start });
    await checkpoints.advance();
    for await (const entry of entries) {
      yield* due(checkpoints, entry.seq);
      yield entryLine(entry);
      last = entry.seq;
    }
    yield* due(checkpoints, Infinity);
    yield endLine(last);
  } finally {
    await checkpoints.close();
  }
}

async function* due(checkpoints: NoteQueue, seq: number): AsyncGenerator<string, void, undefined> {
  while (checkpoints.note && checkpoints.size < seq) {
    yield checkpointLine(checkpoints.note.text);
    await checkpoints.advance();
  }
}
