import { type LogRecord } from '../../record/log-record.js';
import { type CursorCodec } from '../../stream/record-source.js';
import { recordItem } from '../protocol/batch-framing.js';
import { type RecordText } from '../protocol/record-text.js';
import { safeJson } from '../safe-json.js';
import { type ServerMessage } from '../../wire/server-message.js';
import { type StreamFormat } from './stream-format.js';

/** One JSON object a line, with the cursor behind it as its last field. */
export class NdjsonFormat implements StreamFormat {
  readonly name = 'ndjson';
  readonly contentType = 'application/x-ndjson; charset=utf-8';

  constructor(
    private readonly text: RecordText,
    private readonly cursors: CursorCodec,
  ) {}

  encode(record: LogRecord, epoch?: string): Buffer {
    const cursor = this.cursors.format(record.seq + 1, epoch);
    return Buffer.from(line(recordItem(record, this.text, epoch), cursor));
  }

  join(encoded: readonly Buffer[]): Buffer {
    return encoded.length === 1 ? encoded[0]! : Buffer.concat(encoded);
  }

  greeting(cursor: string | undefined): string {
    return line('{"type":"heartbeat"}', cursor);
  }

  heartbeat(cursor: string): string {
    return line('{"type":"heartbeat"}', cursor);
  }

  message(message: ServerMessage, cursor: string | undefined): string {
    return line(safeJson(message), cursor);
  }
}

function line(json: string, cursor: string | undefined): string {
  return cursor === undefined ? `${json}\n` : `${json.slice(0, -1)},"cursor":"${cursor}"}\n`;
}
