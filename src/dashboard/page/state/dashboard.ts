import { effect, signal } from '@preact/signals';
import { type Connection } from '../model/connection.js';
import { type Filters, readFilters, writeFilters } from '../model/filter-link.js';
import { RateHistory } from '../model/rate-history.js';
import { CATEGORIES, type Category, type GapRow } from '../model/row.js';
import { Announcer } from './announcer.js';
import { Frames } from './frames.js';
import { Panel } from './panel.js';
import { SettingsStore } from './settings-store.js';

/** What the page asks of the stream. */
export interface StreamControl {
  /** Gets the records of a gap, in steps. */
  fetchGap(gap: GapRow): void;
  /** Connects now instead of when the time has come, or again after the end. */
  reconnect(): void;
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
  control: StreamControl = { fetchGap: () => {}, reconnect: () => {} };
  private readonly frames = new Frames();

  constructor() {
    const filters = readFilters(location.hash);
    this.panels = {
      system: new Panel('system', filters.system, this.frames),
      audit: new Panel('audit', filters.audit, this.frames),
    };
    effect(() => this.rememberFilters());
  }

  get activePanel(): Panel {
    return this.panels[this.active.value];
  }

  /** The address of this view, to hand to somebody. */
  get link(): string {
    return location.href;
  }

  /** Takes the filters of a link that was opened in this page, as by Back. */
  readLink(): void {
    const filters = readFilters(location.hash);
    if (writeFilters(filters) === writeFilters(this.filters)) return;
    for (const category of CATEGORIES) this.panels[category].setFilter(filters[category]);
  }

  private get filters(): Filters {
    return { system: this.panels.system.filter.value, audit: this.panels.audit.filter.value };
  }

  /** Replaced, not pushed: Back leads to the page before, not through everything that was typed. */
  private rememberFilters(): void {
    const hash = writeFilters(this.filters);
    if (hash === location.hash.slice(1)) return;
    history.replaceState(null, '', hash === '' ? location.pathname + location.search : `#${hash}`);
  }
}
