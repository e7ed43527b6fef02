import { WebSocket } from 'ws';
import { serverFrame } from '../harness/extended-client.js';
import { type MonitoredApp } from '../harness/monitored-app.js';
import { Account, type Verdict } from './account.js';
import { type Canary } from './canary.js';
import { so, within } from './deadline.js';

export type Species = 'extended' | 'audit only' | 'system only' | 'plain';

const QUERIES: Record<Species, string> = {
  extended: 'v=1',
  'audit only': 'v=1&category=audit',
  'system only': 'v=1&category=system',
  plain: '',
};

/** A client that remembers nothing but its account, so that a thousand of them fit; it resumes where it was. */
export class CanaryClient {
  readonly closes: number[] = [];
  private account: Account;
  private socket!: WebSocket;
  private cursor: string | undefined;
  private answered = 0;

  private constructor(
    private readonly app: MonitoredApp,
    private readonly canary: Canary,
    readonly species: Species,
  ) {
    this.account = this.newAccount();
  }

  static async connect(
    app: MonitoredApp,
    canary: Canary,
    species: Species = 'extended',
  ): Promise<CanaryClient> {
    const client = new CanaryClient(app, canary, species);
    await client.connect();
    return client;
  }

  /** Connects, or comes back: an extended client goes on with its account, a plain one cannot. */
  async connect(): Promise<void> {
    const after = this.cursor === undefined ? '' : `&after=${this.cursor}`;
    const socket = new WebSocket(this.app.url(`/ws/monitor?${QUERIES[this.species]}${after}`));
    this.socket = socket;
    socket.on('message', (data) => this.book(String(data)));
    socket.on('close', (code) => this.closes.push(code));
    const opened = new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    await within(opened, 'a client connects');
    socket.on('error', () => {});
  }

  get open(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** Stops reading. */
  stall(): void {
    this.socket.pause();
  }

  read(): void {
    this.socket.resume();
  }

  /** Ends the connection: with a goodbye, or without one. */
  async leave(how: 'close' | 'terminate'): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise((resolve) => this.socket.once('close', resolve));
    this.socket[how]();
    await within(closed, 'a client leaves');
  }

  /**
   * Waits until the client has got everything, by its own account. A plain one that was closed, as 1013 tells, is
   * judged up to its close.
   */
  async settle(): Promise<Verdict> {
    if (this.species === 'plain') {
      const last = this.canary.positionOf(this.canary.count - 1);
      await so(() => !this.open || (this.account.next ?? 0) > last, 'a plain client has got everything');
      return this.account.verdict(this.open ? this.canary.end : (this.account.next ?? 0));
    }
    // Told to come back for its audit records; what is gone by then it is told as well.
    for (let tries = 0; tries < 20; tries++) {
      if (!this.open) await this.connect();
      await so(() => !this.open || this.app.gateway.fanOut.lag === 0, 'everything is handed out');
      if (this.open && (await this.hasRead())) return this.account.verdict(this.canary.end);
    }
    throw new Error('an extended client cannot keep up with an app that is silent');
  }

  /** What the account says now, without waiting. @param end position before which everything must be accounted for */
  verdict(end: number): Verdict {
    return this.account.verdict(end);
  }

  /** An answer stands behind all that was written before it. */
  private async hasRead(): Promise<boolean> {
    const { answered } = this;
    this.socket.send('{"event":"ping"}');
    await so(() => !this.open || this.answered > answered, 'an extended client gets its answer');
    return this.open;
  }

  private book(text: string): void {
    if (this.species === 'plain') return this.bookPlain(text);
    const { type, data, items, cursor } = serverFrame(text);
    if (cursor !== undefined && type !== 'reply') this.cursor = cursor;
    if (type === 'hello') this.account.begin((data['heads'] as { next: number }).next);
    else if (type === 'gap') this.account.gap(data['from'] as number, data['to'] as number);
    else if (type === 'pong') this.answered += 1;
    for (const { seq, data: record } of items) this.account.deliver(seq, record['n']);
  }

  private bookPlain(text: string): void {
    const { n } = (JSON.parse(text) as { data: { n?: number } }).data;
    if (n === undefined) return;
    const seq = this.canary.positionOf(n);
    this.account.begin(seq);
    this.account.deliver(seq, n);
  }

  private newAccount(): Account {
    if (this.species === 'plain') return new Account(this.canary, ({ number }) => number !== undefined);
    if (this.species === 'audit only') return new Account(this.canary, ({ audit }) => audit);
    if (this.species === 'system only') return new Account(this.canary, ({ audit }) => !audit);
    return new Account(this.canary, () => true);
  }
}
