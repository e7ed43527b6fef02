import { get, type IncomingMessage } from 'node:http';
import { Arrivals } from './arrivals.js';
import { EventStream, type StreamBlock } from './event-stream.js';
import { type Item, ReceivedRecords, type ServerFrame } from './received-records.js';

/** Reads the stream over HTTP as docs/protocol.md describes it, in either format. */
export class StreamClient extends ReceivedRecords implements AsyncDisposable {
  /** Every message as the extended protocol has it; a record is a batch of one. */
  readonly frames: ServerFrame[] = [];
  /** Of Server-Sent Events only. */
  readonly blocks: StreamBlock[] = [];
  /** The newest cursor, to resume with. */
  cursor: string | undefined;
  text = '';
  readonly gone: Promise<void>;
  private readonly events = new EventStream();
  private rest = '';
  private readonly arrivals = new Arrivals();

  private constructor(readonly response: IncomingMessage) {
    super();
    this.gone = new Promise((resolve) => {
      response.once('close', () => {
        this.arrivals.end(this.text.slice(-500));
        resolve();
      });
    });
    // A connection that is cut in the middle is what some tests do.
    response.on('error', () => {});
    response.setEncoding('utf8').on('data', (text: string) => this.receive(text));
  }

  /** @returns after the headers, whatever they say */
  static connect(url: string, headers: Record<string, string> = {}): Promise<StreamClient> {
    return new Promise((resolve, reject) => {
      const request = get(url, { headers, agent: false }, (response) => resolve(new StreamClient(response)));
      request.once('error', reject);
    });
  }

  get status(): number {
    return this.response.statusCode!;
  }

  until(condition: () => boolean): Promise<void> {
    return this.arrivals.until(condition);
  }

  /** Breaks the connection. */
  async break(): Promise<void> {
    this.response.socket.destroy();
    await this.gone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.break();
  }

  private receive(text: string): void {
    this.text += text;
    const type = this.response.headers['content-type'] ?? '';
    if (type.startsWith('text/event-stream')) {
      for (const block of this.events.push(text)) this.receiveBlock(block);
    } else if (type.startsWith('application/x-ndjson')) {
      const lines = (this.rest + text).split('\n');
      this.rest = lines.pop()!;
      for (const line of lines) this.receiveMessage(JSON.parse(line) as Record<string, unknown>);
    }
    this.arrivals.note();
  }

  private receiveBlock(block: StreamBlock): void {
    this.blocks.push(block);
    const message = JSON.parse(block.data ?? '{"type":"heartbeat"}') as Record<string, unknown>;
    if (block.type !== undefined && block.type !== message['type']) throw new Error(`not ${block.type}`);
    this.receiveMessage({ ...message, ...(block.id === undefined ? {} : { cursor: block.id }) });
  }

  private receiveMessage(message: Record<string, unknown>): void {
    this.frames.push(streamFrame(message));
    if (message['cursor'] !== undefined) this.cursor = message['cursor'] as string;
  }
}

/** A message of the stream over HTTP as the extended protocol has it; a record is a batch of one. */
export function streamFrame(message: Readonly<Record<string, unknown>>): ServerFrame {
  const { type, seq, data = {}, epoch, cursor, ...rest } = message;
  if (Object.keys(rest).length > 0) throw new Error(`not in the protocol: ${Object.keys(rest).join()}`);
  const fields = (seq === undefined ? data : {}) as ServerFrame['data'];
  const position = (cursor ?? fields['cursor']) as string | undefined;
  return {
    type: seq === undefined ? (type as string) : 'batch',
    data: fields,
    items: seq === undefined ? [] : [{ type, seq, data } as Item],
    ...(epoch === undefined ? {} : { epoch: epoch as string }),
    ...(position === undefined ? {} : { cursor: position }),
  };
}
