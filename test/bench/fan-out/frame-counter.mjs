const TEXT = 1;
const PING = 9;

/**
 * Counts the text frames in what a WebSocket server sends (RFC 6455, section 5.2) by their headers alone, without
 * looking at payloads: a client must cost next to nothing, or it would take the server's CPU away.
 */
export class FrameCounter {
  texts = 0;
  pings = 0;
  #header = Buffer.alloc(10);
  #filled = 0;
  #payload = 0;

  /** @param {Buffer} bytes the next ones, cut anywhere */
  read(bytes) {
    for (let offset = 0; offset < bytes.length;) {
      if (this.#payload > 0) {
        const skipped = Math.min(this.#payload, bytes.length - offset);
        this.#payload -= skipped;
        offset += skipped;
      } else {
        this.#header[this.#filled++] = bytes[offset++];
        if (this.#filled >= 2 && this.#filled === headerLength(this.#header)) this.#begin();
      }
    }
  }

  #begin() {
    const opcode = this.#header[0] & 0x0f;
    if (opcode === TEXT) this.texts += 1;
    else if (opcode === PING) this.pings += 1;
    this.#payload =
      this.#filled === 2
        ? this.#header[1]
        : this.#filled === 4
          ? this.#header.readUInt16BE(2)
          : Number(this.#header.readBigUInt64BE(2));
    this.#filled = 0;
  }
}

function headerLength(header) {
  return header[1] < 126 ? 2 : header[1] === 126 ? 4 : 10;
}
