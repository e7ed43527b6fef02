import { type ClientOptions, WebSocket } from 'ws';
import { MonitorClient } from './monitor-client.js';
import { type Item, ReceivedRecords, type ServerFrame } from './received-records.js';

export { type Item, type ServerFrame };

/** Messages whose cursor docs/protocol.md tells a client to keep. */
const KEEPSAKES = new Set(['hello', 'batch', 'stats', 'caught_up']);

/** A stock `ws` client that speaks the extended protocol as docs/protocol.md describes it. */
export class ExtendedClient extends ReceivedRecords implements AsyncDisposable {
  private readonly parsed: ServerFrame[] = [];
  private lastId = 0;

  constructor(readonly client: MonitorClient) {
    super();
  }

  /** @returns once the client was greeted */
  static async connect(url: string, options?: ClientOptions): Promise<ExtendedClient> {
    const extended = new ExtendedClient(await MonitorClient.connect(url, options));
    await extended.first('hello');
    return extended;
  }

  get frames(): readonly ServerFrame[] {
    const { texts } = this.client;
    while (this.parsed.length < texts.length) this.parsed.push(serverFrame(texts[this.parsed.length]!));
    return this.parsed;
  }

  /** The newest cursor, to resume with. */
  get cursor(): string {
    return this.frames.findLast(({ type }) => KEEPSAKES.has(type))!.cursor!;
  }

  until(condition: () => boolean): Promise<void> {
    return this.client.until(condition);
  }

  send(message: unknown): void {
    this.client.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Sends a message with an `id` of its own. @returns the answer */
  async ask(event: string, data?: unknown): Promise<ServerFrame> {
    const id = (this.lastId += 1);
    this.send({ event, data, id });
    return this.answer(id);
  }

  async answer(id: string | number): Promise<ServerFrame> {
    await this.until(() => this.frames.some((frame) => frame.id === id));
    return this.frames.find((frame) => frame.id === id)!;
  }

  get open(): boolean {
    return this.client.socket.readyState !== WebSocket.CLOSED;
  }

  closed(): Promise<{ code: number; reason: string }> {
    return this.client.closed();
  }

  /** Breaks the connection without a goodbye. */
  async break(): Promise<void> {
    if (!this.open) return;
    const closed = this.closed();
    this.client.socket.terminate();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client[Symbol.asyncDispose]();
  }
}

/** Reads what docs/protocol.md promises, and nothing else. */
export function serverFrame(text: string): ServerFrame {
  const { type, data, id, epoch, cursor, ...rest } = JSON.parse(text) as Record<string, unknown>;
  if (Object.keys(rest).length > 0) throw new Error(`not in the protocol: ${Object.keys(rest).join()}`);
  const fields = Array.isArray(data) ? {} : (data as Record<string, unknown>);
  return {
    type: type as string,
    data: fields,
    items: type === 'batch' ? (data as Item[]) : [],
    ...(epoch === undefined ? {} : { epoch: epoch as string }),
    ...(id === undefined ? {} : { id: id as string | number }),
    ...((cursor ?? fields['cursor']) === undefined ? {} : { cursor: (cursor ?? fields['cursor']) as string }),
  };
}
