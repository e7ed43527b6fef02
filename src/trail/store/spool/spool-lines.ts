import { type FileHandle } from 'node:fs/promises';

const CHUNK_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;

/** Some lines of a spool. */
export interface SpoolLines {
  readonly texts: readonly string[];
  /** The position behind the last of them. */
  readonly end: number;
}

/** Reads whole lines from a position on; what has no line feed at the end was cut off by a crash, and was never kept. */
export async function* readSpool(
  file: FileHandle,
  from: number,
  to = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<SpoolLines, void, undefined> {
  let position = from;
  let size = CHUNK_BYTES;
  while (position < to) {
    const wanted = Math.min(size, to - position);
    const { bytesRead, buffer } = await file.read(Buffer.alloc(wanted), 0, wanted, position);
    const end = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1;
    if (end === 0) {
      if (bytesRead < wanted || position + wanted >= to) return;
      // A line that is longer than that.
      size *= 2;
      continue;
    }
    position += end;
    size = CHUNK_BYTES;
    yield { texts: buffer.toString('utf8', 0, end - 1).split('\n'), end: position };
  }
}
