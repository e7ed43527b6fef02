/** What a payload says of itself. */
export interface EntryTail {
  readonly seq: number;
  readonly kind: string;
}

/** Behind `data` and `instance` in the order of keys, and much shorter than this. */
const LONGEST_TAIL = 512;

/**
 * The end of every canonical payload: keys sort as data, instance, kind, seq, stream, v. That the match reaches to the
 * end makes it exact for JSON: the last brace closes the object itself, each string here is delimited on both sides
 * (an escaped quote has a backslash before it, not a comma or colon), so no text in `data` can look like it.
 */
const TAIL =
  /,"kind":"([a-z]{1,32})","seq":([1-9]\d{0,15}),"stream":(?:null|\{"epoch":"[^"\\]*","seq":\d{1,16}\}),"v":1\}$/;

/**
 * Reads `kind` and `seq` of a payload. Parsing it whole costs more than hashing it, and a verification needs nothing
 * else of most entries.
 *
 * @returns `undefined` when it is not the payload of an entry
 */
export function readTail(payload: string | Uint8Array): EntryTail | undefined {
  const tail = tailOf(payload);
  const at = tail.lastIndexOf(',"kind":"');
  const match = at === -1 ? null : TAIL.exec(tail.slice(at));
  if (match) return { kind: match[1]!, seq: Number(match[2]) };
  return parseTail(typeof payload === 'string' ? payload : Buffer.from(payload).toString());
}

function tailOf(payload: string | Uint8Array): string {
  if (typeof payload === 'string') return payload.slice(-LONGEST_TAIL);
  const start = Math.max(0, payload.length - LONGEST_TAIL);
  // Whatever is matched is ASCII.
  return Buffer.from(payload.buffer, payload.byteOffset + start, payload.length - start).toString('latin1');
}

/** Other versions of the payload may have other keys at the end. */
function parseTail(payload: string): EntryTail | undefined {
  try {
    const { seq, kind } = JSON.parse(payload) as { seq?: unknown; kind?: unknown };
    return typeof seq === 'number' && typeof kind === 'string' ? { seq, kind } : undefined;
  } catch {
    return undefined;
  }
}
