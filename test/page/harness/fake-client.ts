import {
  type ConnectionState,
  type ConnectOptions,
  type HelloData,
  type HistoryPage,
  type HistoryRange,
  type LogStreamClient,
  type LogStreamEvents,
  type LogStreamItem,
  type RecordItem,
} from '../../../src/client/index.js';

export const EPOCH = 'epoch-1';

/** A client whose server is the test. */
export class FakeClient {
  state: ConnectionState = { name: 'connecting', attempt: 1 };
  hello: HelloData | undefined;
  closed = false;
  retries = 0;
  /** Ranges that were asked for, and what answers them. */
  readonly asked: HistoryRange[] = [];
  answer: (range: HistoryRange) => Promise<HistoryPage> = () => Promise.reject(new Error('nobody answers'));
  private readonly listeners = new Map<string, ((value: never) => void)[]>();
  private next: (item: LogStreamItem) => void = () => {};

  constructor(
    readonly url: string,
    readonly options: ConnectOptions,
  ) {}

  get client(): LogStreamClient {
    return this as unknown as LogStreamClient;
  }

  on(event: string, listener: (value: never) => void): () => void {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
    return () => {};
  }

  subscribe({ next }: { readonly next: (item: LogStreamItem) => void }): void {
    this.next = next;
  }

  history(range: HistoryRange): Promise<HistoryPage> {
    this.asked.push(range);
    return this.answer(range);
  }

  retry(): void {
    this.retries += 1;
  }

  close(): Promise<void> {
    this.closed = true;
    this.state = { name: 'closed' };
    return Promise.resolve();
  }

  // What the server does.

  give(...items: readonly LogStreamItem[]): void {
    for (const item of items) this.next(item);
  }

  tell<K extends keyof LogStreamEvents>(event: K, value: LogStreamEvents[K]): void {
    for (const listener of this.listeners.get(event) ?? []) listener(value as never);
  }

  become(state: ConnectionState): void {
    this.state = state;
    this.tell('state', state);
  }

  /** Greets, with what is told of the history and of the user, and goes live. */
  greet(facts: Partial<HelloData> = {}): void {
    this.hello = {
      version: 1,
      epoch: EPOCH,
      instance: 'orders-1',
      cursor: `${EPOCH}:0`,
      heads: { oldest: 1, next: 1 },
      sees: ['system', 'audit'],
      filter: {},
      limits: {} as HelloData['limits'],
      ...facts,
    };
    this.become({ name: 'live' });
  }
}

/** A system record, or with an action an audit record, as the client yields it. */
export function item(seq: number, fields: Partial<RecordItem['data']> = {}, epoch = EPOCH): RecordItem {
  const timestamp = new Date(Date.UTC(2025, 9, 8, 18, 30) + seq).toISOString();
  const data = { timestamp, level: 'INFO', logger: 'app', message: `message ${seq}`, ...fields };
  const type = 'action' in data ? 'audit_log' : 'system_log';
  return { type, seq, epoch, cursor: `${epoch}:${seq}`, data } as RecordItem;
}
