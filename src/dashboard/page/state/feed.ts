import { batch } from '@preact/signals';
import {
  type AlertData,
  connect as connectToMonitor,
  type ConnectionState,
  type GapItem,
  type LogStreamClient,
  type LogStreamItem,
  type LostItem,
  type RecordItem,
} from '../../../client/index.js';
import { isAlarming } from '../model/level.js';
import { linkOf, type RecordLink, sameRecord } from '../model/record-link.js';
import { CATEGORIES, type GapRow, type RecordRow, type Row, rowKey } from '../model/row.js';
import { type Dashboard, type StreamControl } from './dashboard.js';
import { firstRecord } from './first-record.js';
import { HttpStream } from './http-stream.js';
import { type PageSession } from './page-session.js';

/** Records that the page begins with: some screens of what led to now. */
const REPLAYED = 2_000;

/** Records fetched by one click into a gap: two answers of the server's. */
const FETCHED = 2_000;

/** Attempts of the WebSocket that fail, while the page itself can be had, before it is read over HTTP. */
const FAILURES = 2;

const OVER_HTTP =
  'The WebSocket does not get through: a proxy on the way must pass on the headers `Upgrade` and `Connection`. ' +
  'Until then the page reads over HTTP.';

/** What the state of the connection says about a client that cannot know why its connection was refused. */
const SIGNED_OUT = 'You are no longer signed in.';

/** What is said of records that are missing, nobody knows how many. */
const LOSSES: Readonly<Record<LostItem['reason'], string>> = {
  restarted: 'The application has restarted. What it logged last may be missing.',
  not_recovered: 'The server no longer knows where this page was. Records may be missing here.',
  other_process:
    'Several processes answer here. Records of one come at a time, those of the others when the page is led to them again.',
};

/** How the server is reached. */
export interface Ways {
  readonly connect?: typeof connectToMonitor;
  /** Of the stream over HTTP; without one there is no second way. */
  readonly streamUrl?: string;
  readonly fetch?: typeof fetch;
}

/**
 * Brings what the client yields to the panels, all that its user may see: filters are the page's own. Items go
 * straight into the panels' bounded stores, also in a tab that nobody sees.
 */
export class Feed implements StreamControl {
  private client: LogStreamClient;
  /** Runs of the application that were seen, by their order; what a link brings from before has a place before. */
  private readonly epochs = new Map<string, number>();
  /** Where the stream was read up to, for a client that has to be made anew. */
  private cursor: string | undefined;
  /** The replay that the page begins with, until it is over. */
  private opening: { first: number | undefined; records: number } | undefined = {
    first: undefined,
    records: 0,
  };
  /** Newest record of each run; what comes on a second way may have come already. */
  private readonly newest = new Map<string, number>();
  private live = false;
  private probing = false;
  /** The second way, while the WebSocket does not get through. */
  private fallback: HttpStream | undefined;

  constructor(
    private readonly url: string,
    private readonly dashboard: Dashboard,
    private readonly session: PageSession,
    private readonly ways: Ways = {},
  ) {
    this.client = this.open();
  }

  reconnect(): void {
    const { state } = this.client;
    if (state.name === 'waiting') return this.client.retry();
    const connection = this.dashboard.connection.value;
    if (connection.phase !== 'closed') return;
    if (connection.signIn) return this.session.signOut();
    this.client = this.open();
  }

  /** Fetches the newest part of a gap; where more is missing, a smaller gap stays. */
  fetchGap(gap: GapRow): void {
    if (gap.state !== 'fetchable') return;
    this.replaceGap(gap, [{ ...gap, state: 'fetching' }]);
    void this.fetchInto(gap).catch((error: unknown) => {
      this.replaceGap(gap, [gap]);
      this.dashboard.announcer.say(
        error instanceof Error ? error.message : 'The records could not be fetched.',
      );
    });
  }

  find(link: RecordLink): void {
    // Asked again once there is somebody to ask.
    if (!this.live) return;
    void this.answer(link);
  }

  private async answer(link: RecordLink): Promise<void> {
    const row = await this.search(link);
    const { linked } = this.dashboard;
    if (linked.value.phase !== 'searching' || !sameRecord(linked.value.link, link)) return;
    if (row) this.dashboard.show(row);
    else this.dashboard.notFound();
  }

  private async search(link: RecordLink): Promise<RecordRow | undefined> {
    const { panels } = this.dashboard;
    for (const category of CATEGORIES) {
      const held = panels[category].store.rows.find((row) => sameRecord(linkOf(row), link));
      if (held?.kind === 'record') return held;
    }
    const item = (await this.inHistory(link)) ?? (await this.fromStream(link));
    if (!item) return undefined;
    // An earlier run comes before all that is here.
    if (!this.epochs.has(item.epoch)) {
      this.epochs.set(item.epoch, Math.min(0, ...this.epochs.values()) - 1);
    }
    const row = this.recordRow(item);
    panels[row.category].merge([row]);
    return row;
  }

  private async inHistory({ epoch, seq }: RecordLink): Promise<RecordItem | undefined> {
    if (this.client.hello?.epoch !== epoch) return undefined;
    const page = await this.client.history({ from: seq, to: seq, epoch }).catch(() => undefined);
    return page?.records[0];
  }

  /** The stream over HTTP gives what comes from a place on: of an earlier run, what the trail has of it. */
  private async fromStream(link: RecordLink): Promise<RecordItem | undefined> {
    const { streamUrl, fetch: request } = this.ways;
    if (!streamUrl) return undefined;
    return firstRecord(streamUrl, link, this.session.token, request).catch(() => undefined);
  }

  private async fetchInto(gap: GapRow): Promise<void> {
    const epochIndex = Math.floor(gap.key / rowKey(1, 0));
    const epoch = [...this.epochs].find(([, index]) => index === epochIndex)?.[0];
    const start = Math.max(gap.from, gap.to - FETCHED + 1);
    const records: RecordRow[] = [];
    let missing = 0;
    for (let from: number | undefined = start; from !== undefined && from <= gap.to;) {
      const page = await this.client.history({ from, to: gap.to, ...(epoch === undefined ? {} : { epoch }) });
      records.push(...page.records.map((item) => this.recordRow(item)));
      missing += page.missing;
      from = page.next;
    }
    // What is missing is what was oldest: whatever lies before it is missing as well.
    const rest: GapRow[] =
      missing > 0
        ? [{ ...gap, to: start + missing - 1, count: start + missing - gap.from, state: 'gone' }]
        : start > gap.from
          ? [{ ...gap, to: start - 1, count: start - gap.from }]
          : [];
    this.replaceGap(gap, rest, records);
    const number = records.length;
    this.dashboard.announcer.say(number === 1 ? 'One record fetched' : `${number} records fetched`);
  }

  private replaceGap(gap: GapRow, rest: readonly GapRow[], records: readonly RecordRow[] = []): void {
    batch(() => {
      for (const category of CATEGORIES) {
        const own: Row[] = records.filter((record) => record.category === category);
        this.dashboard.panels[category].merge([...own, ...rest], gap.key);
      }
    });
  }

  private open(): LogStreamClient {
    const { token } = this.session;
    const { connect = connectToMonitor } = this.ways;
    const client = connect(this.url, {
      replay: this.cursor === undefined ? { last: REPLAYED } : { after: this.cursor },
      ...(token === undefined ? {} : { token }),
    });
    client.on('state', (state) => this.follow(client, state));
    client.on('caught_up', () => this.caughtUp(client));
    client.on('alert', (alert) => this.alert(alert));
    client.on('audit_checkpoint', ({ size, note }) => this.dashboard.trail?.health.signed(size, note));
    client.subscribe({ next: (item) => this.receive(item), error: () => {} });
    this.follow(client, client.state);
    return client;
  }

  private alert(alert: AlertData): void {
    const isNew = this.dashboard.bell.add(alert);
    if (isNew && this.live) this.dashboard.announcer.say(`Alert: ${alert.name}`);
  }

  /** Also used where the page is woken: while it waits, it tries again now. */
  wake(): void {
    if (this.client.state.name === 'waiting') this.client.retry();
  }

  private receive(item: LogStreamItem): void {
    const known = this.newest.get(item.epoch) ?? 0;
    if ('to' in item ? item.to <= known : 'seq' in item && item.seq <= known) return;
    this.cursor = item.cursor;
    switch (item.type) {
      case 'gap':
        return this.gap({ ...item, from: Math.max(item.from, known + 1) });
      case 'lost':
        return this.appendToAll(this.lostRow(item));
      default:
        return this.record(item);
    }
  }

  private record(item: RecordItem): void {
    const row = this.recordRow(item);
    this.newest.set(item.epoch, row.seq);
    if (this.opening) {
      this.opening.first ??= row.seq;
      this.opening.records += 1;
    }
    this.dashboard.panels[row.category].append(row);
    const { level } = row.data;
    this.dashboard.rates.add(row.time, level, this.live, Date.now());
    if (this.live && isAlarming(level)) this.dashboard.announcer.alarm();
  }

  private recordRow({ type, epoch, seq, data }: RecordItem): RecordRow {
    return {
      kind: 'record',
      key: rowKey(this.epochIndex(epoch), seq),
      seq,
      epoch,
      category: type === 'audit_log' ? 'audit' : 'system',
      data,
      time: Date.parse(data.timestamp),
    };
  }

  private gapRow({ epoch, from, to, count, reason, fetchable }: GapItem): GapRow {
    const key = rowKey(this.epochIndex(epoch), from);
    return { kind: 'gap', key, from, to, count, reason, state: fetchable ? 'fetchable' : 'gone' };
  }

  /** Where fewer are missing than the range is long, the audit records in it still come, from the trail. */
  private gap(item: GapItem): void {
    const row = this.gapRow({ ...item, count: Math.min(item.count, item.to - item.from + 1) });
    if (item.count > item.to - item.from) this.appendToAll(row);
    else this.dashboard.panels.system.append(row);
  }

  private lostRow({ epoch, reason }: LostItem): Row {
    const index = this.epochIndex(epoch);
    const newest = CATEGORIES.map((category) => this.dashboard.panels[category].store.rows.at(-1)?.key ?? 0);
    // A run's beginning is where the loss of the run before belongs, although it may be told of only behind the
    // records of both; else it is behind what there is.
    const key = reason === 'restarted' ? rowKey(index, 0) : Math.max(rowKey(index, 0), ...newest) + 0.5;
    return { kind: 'notice', key, text: LOSSES[reason], severity: 'loss' };
  }

  private appendToAll(row: Row): void {
    for (const category of CATEGORIES) this.dashboard.panels[category].append(row);
  }

  private epochIndex(epoch: string): number {
    const known = this.epochs.get(epoch);
    if (known !== undefined) return known;
    const index = Math.max(-1, ...this.epochs.values()) + 1;
    this.epochs.set(epoch, index);
    return index;
  }

  /** Offers what lies before the records that the page begins with, where those were not all. */
  private caughtUp({ hello }: LogStreamClient): void {
    const { opening } = this;
    this.opening = undefined;
    if (!hello || opening?.first === undefined || opening.records < REPLAYED) return;
    const { oldest } = hello.heads;
    const to = opening.first - 1;
    if (oldest > to) return;
    const key = rowKey(this.epochIndex(hello.epoch), oldest);
    const count = to - oldest + 1;
    this.appendToAll({ kind: 'gap', key, from: oldest, to, count, reason: 'earlier', state: 'fetchable' });
  }

  private follow(client: LogStreamClient, state: ConnectionState): void {
    if (client !== this.client && this.client !== undefined) return;
    const { connection } = this.dashboard;
    if (this.fallback && (state.name === 'connecting' || state.name === 'waiting')) return;
    this.endFallback();
    this.live = state.name === 'live';
    switch (state.name) {
      case 'connecting':
        // While attempts fail, the reason of the last one stays to be read.
        if (connection.value.phase !== 'waiting') connection.value = { phase: 'connecting' };
        return;
      case 'catching_up':
      case 'paused':
        this.greet(client);
        connection.value = { phase: 'replaying' };
        return;
      case 'live':
        this.greet(client);
        connection.value = { phase: 'live' };
        return this.seekLinked();
      case 'waiting':
        connection.value = {
          phase: 'waiting',
          at: state.at,
          attempt: state.attempt,
          reason: state.error.message,
        };
        return void this.probe(client, state.attempt);
      case 'closed': {
        const code = state.error?.code;
        const signIn = code === 'not_authorized' || code === 'expired' || code === 'revoked';
        connection.value = { phase: 'closed', reason: state.error?.message ?? '', signIn };
      }
    }
  }

  private seekLinked(): void {
    const linked = this.dashboard.linked.value;
    if (linked.phase === 'searching') this.find(linked.link);
  }

  private greet({ hello }: LogStreamClient): void {
    if (!hello) return;
    this.dashboard.instance.value = hello.instance;
    this.dashboard.sees.value = hello.sees;
  }

  /**
   * Browsers keep to themselves why a WebSocket was refused. The page is guarded alike and tells: without this, who has
   * been signed out would be shown reconnects for ever.
   */
  private async probe(client: LogStreamClient, attempt: number): Promise<void> {
    if (this.probing) return;
    this.probing = true;
    const access = await this.session.access();
    this.probing = false;
    if (client !== this.client || (client.state.name !== 'waiting' && client.state.name !== 'connecting'))
      return;
    if (access === 'unauthorized' || access === 'forbidden') return this.signedOut();
    if (access === 'granted' && attempt > FAILURES) this.beginFallback();
  }

  private signedOut(): void {
    this.endFallback();
    void this.client.close();
    this.dashboard.connection.value = { phase: 'closed', reason: SIGNED_OUT, signIn: true };
  }

  /** The client goes on trying; once it is through, it goes on where this has got to. */
  private beginFallback(): void {
    const { streamUrl, fetch: request } = this.ways;
    if (!streamUrl || this.fallback) return;
    const { connection } = this.dashboard;
    const stream: HttpStream = new HttpStream(
      streamUrl,
      {
        from: () => [this.cursor === undefined ? ['replay', String(REPLAYED)] : ['after', this.cursor]],
        token: () => this.session.token,
        receive: (item) => stream === this.fallback && this.receive(item),
        alert: (alert) => this.alert(alert),
        began: () => {
          this.live = true;
          connection.value = { phase: 'live', reason: OVER_HTTP };
          this.seekLinked();
        },
        lost: () => {
          this.live = false;
          connection.value = { phase: 'connecting', reason: OVER_HTTP };
        },
        refused: () => stream === this.fallback && this.signedOut(),
      },
      request,
    );
    this.fallback = stream;
    void stream.run();
  }

  private endFallback(): void {
    this.fallback?.stop();
    this.fallback = undefined;
  }
}
