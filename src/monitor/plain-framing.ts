import { type LogRecord } from '../record/log-record.js';
import { type Framing } from '../subscription/framing.js';
import { PlainEncoder } from './plain-encoder.js';
import { textFrame } from './web-socket-frames.js';

/** The frozen format: one record per text frame; a flush is many such frames back to back in one write. */
export class PlainFraming implements Framing {
  private readonly encoder = new PlainEncoder();

  encode(record: LogRecord): Buffer {
    return textFrame(this.encoder.encode(record));
  }

  join(encoded: readonly Buffer[]): Buffer {
    return encoded.length === 1 ? encoded[0]! : Buffer.concat(encoded);
  }
}
