import { type LogRecord } from '../../record/log-record.js';
import { type Framing } from '../../subscription/framing.js';
import { type RecordText } from './record-text.js';
import { textFrame } from './web-socket-frames.js';

/** The frozen format: one record per text frame; a flush is many such frames back to back in one write. */
export class PlainFraming implements Framing {
  readonly name = 'plain';
  readonly hasCallers = true;

  constructor(private readonly text: RecordText) {}

  encode(record: LogRecord): Buffer {
    return textFrame(`{"type":"${record.category}_log","data":{${this.text.fields(record)}}}`);
  }

  join(encoded: readonly Buffer[]): Buffer {
    return encoded.length === 1 ? encoded[0]! : Buffer.concat(encoded);
  }
}
