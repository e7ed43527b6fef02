import { effect, signal } from '@preact/signals';
import { type Connection } from '../model/connection.js';
import { type Filters, readFilters, writeFilters } from '../model/filter-link.js';
import { RateHistory } from '../model/rate-history.js';
import { CATEGORIES, type Category, type GapRow } from '../model/row.js';
import { readTrailLink, writeTrailLink } from '../model/trail-query.js';
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
  /** Connects now instead of when the time has come, or again after the end. */
  reconnect(): void;
}

/** The durable trail of the application's audit records. */
export interface Trail {
  readonly search: TrailSearch;
  readonly health: TrailHealth;
}

/** Everything that the page shows. */
export class Dashboard {
  readonly settings = new SettingsStore();
  readonly announcer = new Announcer();
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
  control: StreamControl = { fetchGap: () => {}, reconnect: () => {} };

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

  /** The address of this view, to hand to somebody. */
  get link(): string {
    return this.address.href;
  }

  /** Takes the filters of a link that was opened in this page, as by Back. */
  readLink(): void {
    this.readTrailLink();
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

  private rememberFilters(): void {
    const hash = [writeFilters(this.filters), this.trailLink].filter((part) => part !== '').join('&');
    if (hash !== this.address.hash.slice(1)) this.address.replace(hash);
  }
}
