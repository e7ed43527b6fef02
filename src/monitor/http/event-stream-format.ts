import { type LogRecord } from '../../record/log-record.js';
import { type CursorCodec } from '../../stream/record-source.js';
import { recordItem } from '../protocol/batch-framing.js';
import { type RecordText } from '../protocol/record-text.js';
import { safeJson } from '../safe-json.js';
import { type ServerMessage } from '../../wire/server-message.js';
import { type StreamFormat } from './stream-format.js';

/** How long a client waits before it comes back, in milliseconds. */
const RETRY_MS = 1_000;

/**
 * Server-Sent Events, as the HTML standard has them (section 9.2.6): every event is named by its type and has the
 * cursor behind it as its id. JSON has no raw line ends, so the data is always one line.
 */
export class EventStreamFormat implements StreamFormat {
  readonly name = 'sse';
  readonly contentType = 'text/event-stream; charset=utf-8';

  constructor(
    private readonly text: RecordText,
    private readonly cursors: CursorCodec,
  ) {}

  encode(record: LogRecord, epoch?: string): Buffer {
    const cursor = this.cursors.format(record.seq + 1, epoch);
    return Buffer.from(event(`${record.category}_log`, recordItem(record, this.text, epoch), cursor));
  }

  join(encoded: readonly Buffer[]): Buffer {
    return encoded.length === 1 ? encoded[0]! : Buffer.concat(encoded);
  }

  /** No event, since it has no data; the client still takes the id as its own. */
  greeting(cursor: string | undefined): string {
    return `retry: ${RETRY_MS}\n${idOf(cursor)}\n`;
  }

  heartbeat(cursor: string): string {
    return `: heartbeat\n${idOf(cursor)}\n`;
  }

  message(message: ServerMessage, cursor: string | undefined): string {
    return event(message.type, safeJson(message), cursor);
  }
}

function event(type: string, data: string, cursor: string | undefined): string {
  return `${idOf(cursor)}event: ${type}\ndata: ${data}\n\n`;
}

function idOf(cursor: string | undefined): string {
  return cursor === undefined ? '' : `id: ${cursor}\n`;
}
