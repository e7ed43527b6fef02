import { get, type IncomingMessage } from 'node:http';
import { EventStream, type StreamBlock } from './event-stream.js';
import { type Item, type ServerFrame } from './extended-client.js';

/** Reads the stream over HTTP as docs/protocol.md describes it, in either format. */
export class StreamClient implements AsyncDisposable {
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
  private closed = false;
  private readonly waiting = new Set<() => void>();

  private constructor(readonly response: IncomingMessage) {
    this.gone = new Promise((resolve) => {
      response.once('close', () => {
        this.closed = true;
        for (const check of this.waiting) check();
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

  get items(): readonly Item[] {
    return this.frames.flatMap(({ items }) => items);
  }

  get seqs(): readonly number[] {
    return this.items.map(({ seq }) => seq);
  }

  get messages(): readonly unknown[] {
    return this.items.map(({ data }) => data['message']);
  }

  all(type: string): ServerFrame[] {
    return this.frames.filter((frame) => frame.type === type);
  }

  async first(type: string): Promise<ServerFrame> {
    await this.until(() => this.all(type).length > 0);
    return this.all(type)[0]!;
  }

  /** Waits until a record with this message has come. */
  message(text: string): Promise<void> {
    return this.until(() => this.messages.includes(text));
  }

  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        if (!condition() && !this.closed) return;
        this.waiting.delete(check);
        if (condition()) resolve();
        else reject(new Error(`the connection closed before: ${this.text.slice(-500)}`));
      };
      this.waiting.add(check);
      check();
    });
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
    for (const check of this.waiting) check();
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
  const { type, seq, data = {}, cursor, ...rest } = message;
  if (Object.keys(rest).length > 0) throw new Error(`not in the protocol: ${Object.keys(rest).join()}`);
  const fields = (seq === undefined ? data : {}) as ServerFrame['data'];
  const position = (cursor ?? fields['cursor']) as string | undefined;
  return {
    type: seq === undefined ? (type as string) : 'batch',
    data: fields,
    items: seq === undefined ? [] : [{ type, seq, data } as Item],
    ...(position === undefined ? {} : { cursor: position }),
  };
}
