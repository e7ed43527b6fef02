const TEXT = 1;
const PING = 9;

/** Of a server's frame (RFC 6455, section 5.2), which is not masked. */
const LONGEST_HEADER = 10;

/**
 * Counts the text frames in what a WebSocket server sends by their headers alone, without looking at payloads: a
 * client must cost next to nothing, or it would take the server's CPU away.
 */
export class FrameCounter {
  pings = 0;
  #texts = 0;
  #welcomes;
  #header = Buffer.alloc(LONGEST_HEADER);
  #filled = 0;
  #payload = 0;

  /** @param {number} [welcomes] text frames before the first line */
  constructor(welcomes = 0) {
    this.#welcomes = welcomes;
  }

  /** Each line is a frame of its own. */
  get lines() {
    return this.#texts - this.#welcomes;
  }

  /** True when the next text frame is a line. */
  get ready() {
    return this.lines >= 0;
  }

  /** @param {Buffer} bytes the next ones, cut anywhere */
  read(bytes) {
    for (let offset = 0; offset < bytes.length;) {
      if (this.#payload > 0) {
        const skipped = Math.min(this.#payload, bytes.length - offset);
        this.#payload -= skipped;
        offset += skipped;
      } else if (this.#filled === 0 && bytes.length - offset >= LONGEST_HEADER) {
        // Nearly always: a header that is not cut is read where it stands.
        offset += this.#begin(bytes, offset);
      } else {
        this.#header[this.#filled++] = bytes[offset++];
        if (this.#filled >= 2 && this.#filled === headerLength(this.#header[1])) {
          this.#begin(this.#header, 0);
          this.#filled = 0;
        }
      }
    }
  }

  /** @returns length of the header that starts there */
  #begin(bytes, offset) {
    const opcode = bytes[offset] & 0x0f;
    if (opcode === TEXT) this.#texts += 1;
    else if (opcode === PING) this.pings += 1;
    this.#payload = payloadLength(bytes, offset);
    return headerLength(bytes[offset + 1]);
  }
}

export function headerLength(second) {
  return second < 126 ? 2 : second === 126 ? 4 : LONGEST_HEADER;
}

export function payloadLength(bytes, offset) {
  const short = bytes[offset + 1];
  if (short < 126) return short;
  return short === 126 ? bytes.readUInt16BE(offset + 2) : Number(bytes.readBigUInt64BE(offset + 2));
}
