import { clientFrame, OPCODES } from '../harness/frames.js';
import { type InboundMessage } from './inbound-message.js';
import { type Random } from './random.js';

const FIN = 0x80;

/** The frames of one message: one, or several with a ping in between, as RFC 6455, section 5.4, allows. */
export function framesOfMessage({ binary, payload }: InboundMessage, random: Random): Buffer {
  const opcode = binary ? OPCODES.binary : OPCODES.text;
  if (random.chance(0.9)) return clientFrame(opcode, payload);
  const parts: Buffer[] = [];
  let sent = 0;
  for (let left = random.integer(1, 4); left >= 0; left--) {
    const end = left === 0 ? payload.length : random.integer(sent, payload.length);
    const first = sent === 0 && parts.length === 0;
    const firstByte = (left === 0 ? FIN : 0) | (first ? opcode : 0);
    parts.push(clientFrame(opcode, payload.subarray(sent, end), firstByte));
    if (left > 0 && random.chance(0.3)) parts.push(clientFrame(OPCODES.ping, 'in between'));
    sent = end;
  }
  return Buffer.concat(parts);
}

/** What no client may send; RFC 6455 has a close code for each. */
export function brokenFrame(random: Random): Buffer {
  const payload = random.bytes(random.integer(1, 60));
  switch (random.integer(0, 9)) {
    case 0: // not masked
      return Buffer.concat([Buffer.from([FIN | OPCODES.text, payload.length]), payload]);
    case 1: // reserved bits
      return clientFrame(OPCODES.text, payload, FIN | OPCODES.text | random.pick([0x10, 0x20, 0x40, 0x70]));
    case 2: // reserved opcodes
      return clientFrame(0, payload, FIN | random.pick([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]));
    case 3: // continues nothing
      return clientFrame(0, payload, FIN);
    case 4: // a control frame in fragments
      return clientFrame(OPCODES.ping, payload, random.pick([OPCODES.ping, OPCODES.pong, OPCODES.close]));
    case 5: // a control frame that is too long
      return clientFrame(OPCODES.ping, Buffer.alloc(random.integer(126, 1_000)));
    case 6: // not UTF-8
      return clientFrame(OPCODES.text, Buffer.from([0xc3, 0x28, 0xff]));
    case 7: // a close with a code that is none
      return clientFrame(OPCODES.close, Buffer.from([0, random.integer(0, 255)]));
    case 8: // a new message inside of another
      return Buffer.concat([
        clientFrame(OPCODES.text, '{', OPCODES.text),
        clientFrame(OPCODES.text, '}', FIN | OPCODES.text),
      ]);
    default: // says to be larger than any message may be
      return Buffer.concat([
        Buffer.from([FIN | OPCODES.text, FIN | 127, ...random.bytes(8)].fill(0x7f, 2, 3)),
        payload,
      ]);
  }
}

/** A frame that ends before its end: in its header, in its mask or in its payload. */
export function cutFrame(random: Random): Buffer {
  const frame = clientFrame(
    OPCODES.text,
    Buffer.alloc(random.integer(10, 5_000), 'x'),
    random.pick([0x81, 0x01]),
  );
  return frame.subarray(0, random.integer(1, frame.length - 1));
}
