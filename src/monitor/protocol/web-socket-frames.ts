/** First byte of an unfragmented text frame: FIN and opcode 1 (RFC 6455, section 5.2). */
const TEXT = 0x81;

/** RSV1 marks a compressed message (RFC 7692, section 6). */
const COMPRESSED = 0x40;

/** Frames a text as a server does: unmasked, in one frame (RFC 6455, section 5.2). */
export function textFrame(payload: string | Buffer): Buffer {
  return frame(TEXT, payload);
}

/** Frames a text that was deflated, for a client that negotiated permessage-deflate. */
export function compressedTextFrame(payload: Buffer): Buffer {
  return frame(TEXT | COMPRESSED, payload);
}

/** A frame that was made here, taken apart. */
export interface ReadFrame {
  readonly payload: Buffer;
  readonly compressed: boolean;
}

/** Takes joined frames of {@link textFrame} and {@link compressedTextFrame} apart. */
export function* framesOf(bytes: Buffer): Generator<ReadFrame> {
  for (let offset = 0; offset < bytes.length;) {
    const short = bytes[offset + 1]!;
    const header = short < 126 ? 2 : short === 126 ? 4 : 10;
    const start = offset + header;
    const length =
      header === 2
        ? short
        : header === 4
          ? bytes.readUInt16BE(offset + 2)
          : Number(bytes.readBigUInt64BE(offset + 2));
    yield { payload: bytes.subarray(start, start + length), compressed: (bytes[offset]! & COMPRESSED) !== 0 };
    offset = start + length;
  }
}

function frame(first: number, payload: string | Buffer): Buffer {
  const length = Buffer.byteLength(payload);
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const bytes = Buffer.allocUnsafe(header + length);
  bytes[0] = first;
  if (header === 2) {
    bytes[1] = length;
  } else if (header === 4) {
    bytes[1] = 126;
    bytes.writeUInt16BE(length, 2);
  } else {
    bytes[1] = 127;
    bytes.writeBigUInt64BE(BigInt(length), 2);
  }
  if (typeof payload === 'string') bytes.write(payload, header);
  else payload.copy(bytes, header);
  return bytes;
}
