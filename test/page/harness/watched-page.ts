import { type ConnectOptions } from '../../../src/client/index.js';
import { type Category, type Row } from '../../../src/dashboard/page/model/row.js';
import { Dashboard } from '../../../src/dashboard/page/state/dashboard.js';
import { Feed, type Ways } from '../../../src/dashboard/page/state/feed.js';
import { Frames } from '../../../src/dashboard/page/state/frames.js';
import { type PageAddress } from '../../../src/dashboard/page/state/page-address.js';
import { type Access, PageSession } from '../../../src/dashboard/page/state/page-session.js';
import { type TrailRoute } from '../../../src/dashboard/page/state/trail-route.js';
import { FakeClient } from './fake-client.js';

export class FakeAddress implements PageAddress {
  constructor(public hash = '') {}

  get href(): string {
    return `https://example.org/monitor${this.hash}`;
  }

  replace(hash: string): void {
    this.hash = hash === '' ? '' : `#${hash}`;
  }
}

/** Somebody whom the server answers as the test says. */
export class FakeSession extends PageSession {
  answer: Access = 'granted';
  asked = 0;
  signedOut = 0;

  override access(): Promise<Access> {
    this.asked += 1;
    return Promise.resolve(this.answer);
  }

  override signOut(): void {
    this.signedOut += 1;
  }
}

/** All of the page but what is drawn, with a server that is the test. */
export class WatchedPage {
  readonly clients: FakeClient[] = [];
  readonly session = new FakeSession();
  readonly dashboard: Dashboard;
  readonly feed: Feed;
  private readonly asked: (() => void)[] = [];

  constructor({
    address = new FakeAddress(),
    route,
    ways = {},
  }: { readonly address?: PageAddress; readonly route?: TrailRoute; readonly ways?: Ways } = {}) {
    this.dashboard = new Dashboard(route, address, new Frames((run) => this.asked.push(run)));
    const connect = (url: string | URL, options: ConnectOptions = {}): FakeClient['client'] => {
      const client = new FakeClient(String(url), options);
      this.clients.push(client);
      return client.client;
    };
    this.feed = new Feed('../ws/monitor', this.dashboard, this.session, { connect, ...ways });
    this.dashboard.control = this.feed;
  }

  /** The newest. */
  get client(): FakeClient {
    return this.clients.at(-1)!;
  }

  /** The browser draws. */
  frame(): void {
    for (const run of this.asked.splice(0)) run();
  }

  shown(category: Category = 'system'): readonly Row[] {
    return this.dashboard.panels[category].shown;
  }

  /** Messages of the records that a panel shows, and what else it shows as its kind. */
  texts(category: Category = 'system'): string[] {
    return this.shown(category).map((row) => (row.kind === 'record' ? row.data.message : row.kind));
  }
}
