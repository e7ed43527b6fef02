import { headerLength, payloadLength } from './frame-counter.mjs';

const NOTHING = Buffer.alloc(0);

/** Puts the frames of a WebSocket server together, for the clients that must look into them. */
export class FrameReader {
  #onFrame;
  #rest = NOTHING;

  /** @param {(first: number, payload: Buffer) => void} onFrame first byte and payload, which is only valid during the call */
  constructor(onFrame) {
    this.#onFrame = onFrame;
  }

  /** @param {Buffer} chunk the next bytes, cut anywhere */
  read(chunk) {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    let offset = 0;
    for (let end = frameEnd(bytes, 0); end <= bytes.length; end = frameEnd(bytes, offset)) {
      this.#onFrame(bytes[offset], bytes.subarray(offset + headerLength(bytes[offset + 1]), end));
      offset = end;
    }
    // A copy: the next read overwrites what the chunk lies in.
    this.#rest = offset < bytes.length ? Buffer.from(bytes.subarray(offset)) : NOTHING;
  }
}

/** @returns where the frame ends that starts there; beyond all bytes when its header is not complete */
function frameEnd(bytes, offset) {
  const left = bytes.length - offset;
  if (left < 2 || left < headerLength(bytes[offset + 1])) return Number.POSITIVE_INFINITY;
  return offset + headerLength(bytes[offset + 1]) + payloadLength(bytes, offset);
}
