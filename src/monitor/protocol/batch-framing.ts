import { constants, deflateRawSync } from 'node:zlib';
import { type LogRecord } from '../../record/log-record.js';
import { type CursorCodec } from '../../stream/record-source.js';
import { type Framing } from '../../subscription/framing.js';
import { STORY_FIELDS } from '../../wire/story-fields.js';
import { type RecordText } from './record-text.js';
import { compressedTextFrame, textFrame } from './web-socket-frames.js';

/** Payloads below this size, in bytes, are sent as they are: deflate would not make them smaller. */
const COMPRESSION_THRESHOLD = 1_024;

/** Ends a deflate block on a byte border; RFC 7692, section 7.2.1, takes it off the message. */
const SYNC_FLUSH_TAIL_LENGTH = 4;

const COMMA = Buffer.from(',');

/** The extended format: all records of a chunk in one `batch`, with the cursor behind them. */
export class BatchFraming implements Framing {
  readonly name: string;

  constructor(
    private readonly text: RecordText,
    private readonly cursors: CursorCodec,
    private readonly compress: boolean,
  ) {
    this.name = compress ? 'batch deflate' : 'batch';
  }

  encode(record: LogRecord): Buffer {
    return Buffer.from(recordItem(record, this.text));
  }

  join(encoded: readonly Buffer[], next: number, epoch?: string): Buffer {
    const before = epoch === undefined ? '' : `"epoch":"${epoch}",`;
    const parts: Buffer[] = [Buffer.from(`{"type":"batch",${before}"data":[`)];
    encoded.forEach((item, index) => parts.push(...(index > 0 ? [COMMA, item] : [item])));
    parts.push(Buffer.from(`],"cursor":"${this.cursors.format(next, epoch)}"}`));
    const payload = Buffer.concat(parts);
    if (!this.compress || payload.length < COMPRESSION_THRESHOLD) return textFrame(payload);
    // Without context takeover each message stands alone, so one deflate serves the whole group.
    const deflated = deflateRawSync(payload, { finishFlush: constants.Z_SYNC_FLUSH, level: 1 });
    return compressedTextFrame(deflated.subarray(0, deflated.length - SYNC_FLUSH_TAIL_LENGTH));
  }
}

/**
 * One record as an extended client gets it, in batches and in answers.
 *
 * @param epoch of the record, where nothing around it says so and it is not this start of the application
 */
export function recordItem(record: LogRecord, text: RecordText, epoch?: string): string {
  const place = epoch === undefined ? '' : `"epoch":"${epoch}",`;
  const envelope = record.id === undefined ? '' : `,"id":"${record.id}","origin":"${record.origin}"`;
  return (
    `{"type":"${record.category}_log",${place}"seq":${record.seq},` +
    `"data":{${text.fields(record)}${envelope}${storyText(record)}}}`
  );
}

/** What the record's own fields leave of its story. All of it is hexadecimal or was checked: nothing needs escaping. */
function storyText({ story, extra }: LogRecord): string {
  if (!story) return '';
  let text = '';
  for (const name of STORY_FIELDS) {
    const value = story[name];
    if (value !== undefined && !Object.hasOwn(extra, name)) text += `,"${name}":"${value}"`;
  }
  return text;
}
