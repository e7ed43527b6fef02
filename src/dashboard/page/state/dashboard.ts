import { effect, signal } from '@preact/signals';
import { type Connection } from '../model/connection.js';
import { type Filters, readFilters, writeFilters } from '../model/filter-link.js';
import { RateHistory } from '../model/rate-history.js';
import {
  linkOf,
  type RecordLink,
  readRecordLink,
  sameRecord,
  writeRecordLink,
} from '../model/record-link.js';
import { CATEGORIES, type Category, type GapRow, type RecordRow } from '../model/row.js';
import { readTrailLink, writeTrailLink } from '../model/trail-query.js';
import { AlertBell } from './alert-bell.js';
import { Announcer } from './announcer.js';
import { Frames } from './frames.js';
import { BROWSER_ADDRESS, type PageAddress } from './page-address.js';
import { Panel } from './panel.js';
import { type RowList } from './row-list.js';
import { SettingsStore } from './settings-store.js';
import { TrailHealth } from './trail-health.js';
import { type TrailRoute } from './trail-route.js';
import { TrailSearch } from './trail-search.js';

/** What the page asks of the stream. */
export interface StreamControl {
  /** Gets the records of a gap, in steps. */
  fetchGap(gap: GapRow): void;
  /** Looks for a record: among those that are here, in the history, in the trail. */
  find(link: RecordLink): void;
  /** Connects now instead of when the time has come, or again after the end. */
  reconnect(): void;
}

export type LinkedRecord =
  | { readonly phase: 'none' }
  | { readonly phase: 'searching'; readonly link: RecordLink }
  | { readonly phase: 'gone' };

export const RECORD_GONE =
  'The record of this link is gone: neither the history nor the audit trail has it any more.';

/** The durable trail of the application's audit records. */
export interface Trail {
  readonly search: TrailSearch;
  readonly health: TrailHealth;
}

/** Everything that the page shows. */
export class Dashboard {
  readonly settings = new SettingsStore();
  readonly announcer = new Announcer();
  readonly bell = new AlertBell();
  readonly rates = new RateHistory();
  readonly connection = signal<Connection>({ phase: 'connecting' });
  /** Name of the watched process; '' until it is known. */
  readonly instance = signal('');
  /** What this client may see. */
  readonly sees = signal<readonly Category[]>(CATEGORIES);
  /** The panel that the keyboard is for; the only one on a phone. */
  readonly active = signal<Category>('system');
  readonly helpOpen = signal(false);
  readonly panels: Readonly<Record<Category, Panel>>;
  /** Where the application keeps one. */
  readonly trail: Trail | undefined;
  /** What became of the record that a link names. */
  readonly linked = signal<LinkedRecord>({ phase: 'none' });
  control: StreamControl = { fetchGap: () => {}, reconnect: () => {}, find: () => {} };

  constructor(
    route?: TrailRoute,
    private readonly address: PageAddress = BROWSER_ADDRESS,
    frames = new Frames(),
  ) {
    const filters = readFilters(address.hash);
    this.panels = {
      system: new Panel('system', filters.system, frames),
      audit: new Panel('audit', filters.audit, frames),
    };
    this.trail = route && { search: new TrailSearch(route, frames), health: new TrailHealth(route) };
    const wanted = readTrailLink(this.address.hash);
    if (wanted) this.trail?.search.search(wanted);
    const link = readRecordLink(address.hash);
    if (link) this.linked.value = { phase: 'searching', link };
    effect(() => this.rememberFilters());
  }

  get activePanel(): Panel {
    return this.panels[this.active.value];
  }

  /** What the keyboard moves in: the active panel, or what was found in the trail. */
  get activeList(): RowList {
    return this.trailSearch ?? this.activePanel;
  }

  /** The search in the trail, while the active panel shows it. */
  get trailSearch(): TrailSearch | undefined {
    const search = this.trail?.search;
    return this.active.value === 'audit' && search?.open.value ? search : undefined;
  }

  /** The trail for a panel: only audit records are kept there, and not everybody may see them. */
  trailOf(category: Category): Trail | undefined {
    return category === 'audit' && this.sees.value.includes('audit') ? this.trail : undefined;
  }

  /** A link that names one record, and nothing else. */
  linkTo(link: RecordLink): string {
    return `${this.address.href.replace(/#.*/s, '')}#${writeRecordLink(link)}`;
  }

  /** Finds a record and shows it, or says that it is gone. */
  seek(link: RecordLink): void {
    this.linked.value = { phase: 'searching', link };
    this.control.find(link);
  }

  /** The record was found: it is shown, whatever the filter says. */
  show(row: RecordRow): void {
    const panel = this.panels[row.category];
    this.linked.value = { phase: 'none' };
    this.active.value = row.category;
    this.trail?.search.close();
    if (panel.shown.every(({ key }) => key !== row.key)) panel.showAround(row);
    else panel.select(row);
    panel.detailOpen.value = true;
  }

  /** Nobody has it any more. */
  notFound(): void {
    this.linked.value = { phase: 'gone' };
  }

  /** The address of this view, to hand to somebody. */
  get link(): string {
    return this.address.href;
  }

  /** Takes the filters of a link that was opened in this page, as by Back. */
  readLink(): void {
    this.readTrailLink();
    const wanted = readRecordLink(this.address.hash);
    if (wanted && !sameRecord(wanted, this.openRecord)) this.seek(wanted);
    const filters = readFilters(this.address.hash);
    if (writeFilters(filters) === writeFilters(this.filters)) return;
    for (const category of CATEGORIES) this.panels[category].setFilter(filters[category]);
  }

  private readTrailLink(): void {
    const search = this.trail?.search;
    const wanted = readTrailLink(this.address.hash);
    if (!search || writeTrailLink(wanted) === this.trailLink) return;
    if (wanted) search.search(wanted);
    else search.close();
  }

  private get trailLink(): string {
    const search = this.trail?.search;
    return writeTrailLink(search?.open.value ? search.query.value : undefined);
  }

  private get filters(): Filters {
    return { system: this.panels.system.filter.value, audit: this.panels.audit.filter.value };
  }

  /** The record that is open, or that a link has asked for and that is still looked for. */
  private get openRecord(): RecordLink | undefined {
    if (this.linked.value.phase === 'searching') return this.linked.value.link;
    const { activeList } = this;
    return activeList.detailOpen.value ? linkOf(activeList.selected.value) : undefined;
  }

  private rememberFilters(): void {
    const record = writeRecordLink(this.openRecord);
    const hash = [writeFilters(this.filters), this.trailLink, record].filter((part) => part !== '').join('&');
    if (hash !== this.address.hash.slice(1)) this.address.replace(hash);
  }
}
