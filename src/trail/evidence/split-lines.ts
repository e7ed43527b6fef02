import { isUtf8 } from 'node:buffer';
import { lineTooLong } from './evidence.messages.js';

/** Longest line of an export: an entry has at most a tenth of it. Bounds the memory that a reader needs. */
const LONGEST_LINE = 16 * 1024 * 1024;
const LINE_FEED = 10;

/**
 * Splits bytes at line feeds, and at nothing else: `readline` also splits at U+2028, which stands unescaped in JSON.
 * Bytes that are no UTF-8 make an empty line, which is no line of an export: decoded with replacement characters they
 * would pass for the text of others.
 *
 * @throws RangeError when a line is longer than any that is written
 */
export async function* splitLines(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<string, void, undefined> {
  let rest: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
      const line = bytes.subarray(start, end);
      yield decode(rest.length > 0 ? Buffer.concat([...rest, line]) : line);
      rest = [];
      length = 0;
      start = end + 1;
    }
    if (start < bytes.length) rest.push(bytes.subarray(start));
    length += bytes.length - start;
    if (length > LONGEST_LINE) throw new RangeError(lineTooLong(LONGEST_LINE));
  }
  if (rest.length > 0) yield decode(Buffer.concat(rest));
}

function decode(line: Buffer): string {
  return isUtf8(line) ? line.toString() : '';
}
