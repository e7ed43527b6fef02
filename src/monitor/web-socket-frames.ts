/** First byte of an unfragmented text frame: FIN and opcode 1 (RFC 6455, section 5.2). */
const TEXT_FRAME = 0x81;

/** Frames a text as a server does: unmasked, in one frame (RFC 6455, section 5.2). */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const header = headerLength(length);
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = TEXT_FRAME;
  if (header === 2) {
    frame[1] = length;
  } else if (header === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, header);
  return frame;
}

/** The payloads of frames that {@link textFrame} made and that were joined. */
export function* payloadsOf(frames: Buffer): Generator<Buffer> {
  for (let offset = 0; offset < frames.length;) {
    const short = frames[offset + 1]!;
    const header = short < 126 ? 2 : short === 126 ? 4 : 10;
    const length =
      header === 2
        ? short
        : header === 4
          ? frames.readUInt16BE(offset + 2)
          : Number(frames.readBigUInt64BE(offset + 2));
    yield frames.subarray(offset + header, offset + header + length);
    offset += header + length;
  }
}

function headerLength(payload: number): number {
  return payload < 126 ? 2 : payload < 65_536 ? 4 : 10;
}
