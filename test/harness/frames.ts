import { randomBytes } from 'node:crypto';

export const OPCODES = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** One WebSocket frame as RFC 6455, section 5.2, describes it. */
export interface RawFrame {
  readonly fin: boolean;
  /** RSV1: the payload is deflated (RFC 7692, section 6). */
  readonly compressed: boolean;
  readonly opcode: number;
  readonly masked: boolean;
  readonly payload: Buffer;
}

/** Decodes frames by the letter of RFC 6455, independently of `ws` and of the package. */
export class FrameDecoder {
  private rest: Buffer = Buffer.alloc(0);

  /** @returns the frames that these bytes complete */
  push(bytes: Buffer): RawFrame[] {
    this.rest = this.rest.length > 0 ? Buffer.concat([this.rest, bytes]) : bytes;
    const frames: RawFrame[] = [];
    for (
      let size = this.frameSize();
      size !== undefined && this.rest.length >= size;
      size = this.frameSize()
    ) {
      frames.push(frameOf(this.rest.subarray(0, size)));
      this.rest = this.rest.subarray(size);
    }
    return frames;
  }

  /** Bytes of a frame that is not complete yet. */
  get incomplete(): number {
    return this.rest.length;
  }

  private frameSize(): number | undefined {
    if (this.rest.length < 2) return undefined;
    const { header, mask, length } = layoutOf(this.rest);
    return length === undefined ? undefined : header + mask + length;
  }
}

function layoutOf(bytes: Buffer): { header: number; mask: number; length: number | undefined } {
  const short = bytes[1]! & 0x7f;
  const mask = bytes[1]! & 0x80 ? 4 : 0;
  if (short < 126) return { header: 2, mask, length: short };
  if (short === 126) return { header: 4, mask, length: bytes.length < 4 ? undefined : bytes.readUInt16BE(2) };
  return { header: 10, mask, length: bytes.length < 10 ? undefined : Number(bytes.readBigUInt64BE(2)) };
}

function frameOf(bytes: Buffer): RawFrame {
  const { header, mask } = layoutOf(bytes);
  const payload = Buffer.from(bytes.subarray(header + mask));
  if (mask > 0) for (let i = 0; i < payload.length; i++) payload[i]! ^= bytes[header + (i % 4)]!;
  return {
    fin: (bytes[0]! & 0x80) !== 0,
    compressed: (bytes[0]! & 0x40) !== 0,
    opcode: bytes[0]! & 0x0f,
    masked: mask > 0,
    payload,
  };
}

/** A frame as a client has to send it: masked. */
export function clientFrame(opcode: number, payload: Buffer | string, firstByte = 0x80 | opcode): Buffer {
  const data = Buffer.from(payload);
  const mask = randomBytes(4);
  const header =
    data.length < 126
      ? Buffer.from([firstByte, 0x80 | data.length])
      : Buffer.from([firstByte, 0x80 | 126, data.length >> 8, data.length & 0xff]);
  const masked = data.map((byte, index) => byte ^ mask[index % 4]!);
  return Buffer.concat([header, mask, masked]);
}
