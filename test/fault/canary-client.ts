import { type ServerFrame } from '../harness/extended-client.js';
import { positionOf } from '../harness/ledger.js';
import { type MonitoredApp } from '../harness/monitored-app.js';
import { Account, type Verdict } from './account.js';
import { type Canary } from './canary.js';
import { type Carrier, httpCarrier, webSocketCarrier } from './carrier.js';
import { so } from './deadline.js';
import { SPECIES, type Species } from './species.js';

/** A client that remembers nothing but its account, so that a thousand of them fit; it resumes where it was. */
export class CanaryClient {
  readonly closes: number[] = [];
  private readonly account: Account;
  private carrier!: Carrier;
  private cursor: string | undefined;
  private answered = 0;

  private constructor(
    private readonly app: MonitoredApp,
    private readonly canary: Canary,
    readonly species: Species,
  ) {
    this.account = new Account(canary, SPECIES[species].passes);
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

  /** Connects, or comes back and goes on with its account; a plain one cannot. */
  async connect(): Promise<void> {
    const { speaks, query } = SPECIES[this.species];
    const listener = {
      receive: (frame: ServerFrame, text: string): void => this.book(frame, text),
      closed: (code: number): void => void this.closes.push(code),
    };
    if (speaks !== 'websocket') {
      const url = `http://127.0.0.1:${this.app.port}/monitor/stream?${query}`;
      this.carrier = await httpCarrier(url, this.cursor, listener);
      return;
    }
    const after = this.cursor === undefined ? '' : `&after=${this.cursor}`;
    this.carrier = await webSocketCarrier(this.app.url(`/ws/monitor?${query}${after}`), listener);
  }

  get open(): boolean {
    return this.carrier.open;
  }

  /** Stops reading. */
  stall(): void {
    this.carrier.stall();
  }

  read(): void {
    this.carrier.read();
  }

  /** Ends the connection: with a goodbye, or without one. */
  async leave(how: 'close' | 'terminate'): Promise<void> {
    await this.carrier.leave(how);
  }

  /**
   * Waits until the client has got everything, by its own account. A plain one that was closed, as 1013 tells, is
   * judged up to its close.
   */
  async settle(): Promise<Verdict> {
    if (this.species === 'plain') {
      await so(() => !this.open || this.hasAll(), 'a plain client has got everything');
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

  private async hasRead(): Promise<boolean> {
    const { answered } = this;
    this.carrier.ping?.();
    const all = (): boolean => (this.carrier.ping ? this.answered > answered : this.hasAll());
    await so(() => !this.open || all(), `a client has read everything: ${this.species}`);
    return this.open;
  }

  /** Whether the last record that the client must get, or be told of, is behind it. */
  private hasAll(): boolean {
    const { passes } = SPECIES[this.species];
    let last = this.canary.end - 1;
    while (last > 0 && !passes(this.canary.at(last)!)) last -= 1;
    return (this.account.next ?? 0) > last;
  }

  private book({ type, data, items, cursor }: ServerFrame, text: string): void {
    if (this.species === 'plain') return this.bookPlain(data);
    if (this.species.startsWith('tenant')) this.account.see(text);
    if (type === 'hello') this.account.begin((data['heads'] as { next: number }).next);
    else if (type === 'gap') this.account.gap(data['from'] as number, data['to'] as number);
    else if (type === 'pong') this.answered += 1;
    for (const { seq, data: record } of items) this.account.deliver(seq, record['n']);
    if (cursor === undefined || type === 'reply') return;
    this.cursor = cursor;
    this.account.begin(positionOf(cursor));
    this.account.reach(positionOf(cursor));
  }

  private bookPlain({ n }: Readonly<Record<string, unknown>>): void {
    if (typeof n !== 'number') return;
    const seq = this.canary.positionOf(n);
    this.account.begin(seq);
    this.account.deliver(seq, n);
  }
}
