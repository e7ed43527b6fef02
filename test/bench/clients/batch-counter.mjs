import { constants, inflateRawSync } from 'node:zlib';
import { FrameReader } from './frame-reader.mjs';

const TEXT = 0x01;
const PING = 0x09;
const COMPRESSED = 0x40;

/** What a server takes off a compressed message (RFC 7692, section 7.2.1). */
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);

/** Distinct batches that are remembered; those of a few flushes are enough. */
const REMEMBERED = 64;

/** A quote inside of a text is escaped, and no line of the benchmark has a field of this name. */
const SEQ = Buffer.from(',"seq":');

/**
 * Counts the records in the batches of an extended client (`docs/protocol.md`), compressed or not.
 *
 * The clients of a group get the same bytes, so each batch is looked into once; for the others it is compared
 * byte by byte with what has been counted. Decoding it for each client would take the server's CPU away.
 */
export class BatchCounter {
  lines = 0;
  pings = 0;
  ready = false;
  /** True once the server said that a replay has reached the live records, with none of it missing. */
  recovered = false;
  #reader = new FrameReader((first, payload) => this.#frame(first, payload));

  /** @param {Buffer} bytes the next ones, cut anywhere */
  read(bytes) {
    this.#reader.read(bytes);
  }

  #frame(first, payload) {
    if ((first & 0x0f) === PING) this.pings += 1;
    if ((first & 0x0f) !== TEXT) return;
    if ((first & COMPRESSED) !== 0 || payload.indexOf('{"type":"batch"') === 0) {
      this.lines += recordsIn(payload, (first & COMPRESSED) !== 0);
    } else {
      this.#message(JSON.parse(payload.toString()));
    }
  }

  #message({ type, data }) {
    if (type === 'hello') this.ready = true;
    else if (type === 'caught_up') this.recovered = data.recovered && data.missing === 0;
    else if (type !== 'stats') throw new Error(`An unexpected '${type}': ${JSON.stringify(data)}`);
  }
}

const counted = new Map();

function recordsIn(payload, compressed) {
  // The end of a batch names its last record, so it tells batches apart; whether they are equal is then compared.
  const key = `${payload.length} ${payload.toString('latin1', payload.length - 24)}`;
  const known = counted.get(key);
  if (known && known.payload.equals(payload)) return known.records;
  const records = count(compressed ? inflated(payload) : payload);
  if (counted.size >= REMEMBERED) counted.delete(counted.keys().next().value);
  counted.set(key, { payload: Buffer.from(payload), records });
  return records;
}

function inflated(payload) {
  return inflateRawSync(Buffer.concat([payload, TAIL]), { finishFlush: constants.Z_SYNC_FLUSH });
}

function count(json) {
  let records = 0;
  for (let at = json.indexOf(SEQ); at >= 0; at = json.indexOf(SEQ, at + SEQ.length)) records += 1;
  return records;
}
