import { LOG_LEVELS } from '../../../wire/level.js';
import { shortcutKey } from '../model/shortcut-key.js';
import { toggleLevel } from '../model/panel-filter.js';
import { type Category } from '../model/row.js';
import { type Dashboard } from '../state/dashboard.js';
import { nextTheme } from './header.js';
import { turnOrder } from './panel-actions.js';

/** More is no term, but somebody who has marked a passage. */
const LONGEST_TERM = 200;

/** Where keys are typed, not pressed. */
const FIELDS = 'input:not([type=checkbox]), textarea, select';

interface Shortcut {
  readonly keys: readonly string[];
  readonly label: string;
  /** Missing for keys of the list, which the list handles itself. */
  readonly run?: (dashboard: Dashboard, key: string) => void;
}

/** All keys, in the order of the help. Letters alone: they are for when nothing is being typed. */
export const SHORTCUTS: readonly { readonly title: string; readonly shortcuts: readonly Shortcut[] }[] = [
  {
    title: 'Panels',
    shortcuts: [
      { keys: ['s'], label: 'Go to the system panel', run: (dashboard) => goTo(dashboard, 'system') },
      { keys: ['a'], label: 'Go to the audit panel', run: (dashboard) => goTo(dashboard, 'audit') },
      { keys: ['/'], label: 'Search', run: ({ active }) => focusSearch(active.value) },
      {
        keys: ['h'],
        label: 'Highlight the marked text, or a term',
        run: (dashboard) => highlight(dashboard),
      },
      {
        keys: ['1', '2', '3', '4', '5'],
        label: 'Show or hide a level',
        run: ({ activePanel, trailSearch }, key) => {
          const level = LOG_LEVELS[Number(key) - 1];
          if (level && !trailSearch) activePanel.setFilter(toggleLevel(activePanel.filter.value, level));
        },
      },
      {
        keys: ['p'],
        label: 'Pause or resume the view',
        run: live(({ activePanel }) => (activePanel.held.value ? activePanel.release() : activePanel.hold())),
      },
      { keys: ['f'], label: 'Follow the newest', run: live(({ activePanel }) => activePanel.follow(true)) },
      {
        keys: ['o'],
        label: 'Newest first or last',
        run: live((dashboard) => turnOrder(dashboard, dashboard.activePanel)),
      },
      {
        keys: ['r'],
        label: 'Fold repeats, or show each',
        run: live(({ activePanel }) => activePanel.fold(!activePanel.folding.value)),
      },
      { keys: ['c'], label: 'Clear', run: live(({ activePanel }) => activePanel.clear()) },
      {
        keys: ['g'],
        label: 'Search the whole trail, or go back',
        run: (dashboard) => turnToTrail(dashboard),
      },
    ],
  },
  {
    title: 'Records',
    shortcuts: [
      { keys: ['↑', '↓'], label: 'Select a record (also k and j)' },
      { keys: ['Shift'], label: 'With a click or ↑ ↓: select several' },
      { keys: ['Ctrl', 'C'], label: 'Copy what is marked or selected, a line each' },
      { keys: ['Enter'], label: 'Open it, or fetch a gap' },
      {
        keys: ['x'],
        label: 'Show it among all records',
        run: live(({ activePanel }) => {
          const row = activePanel.selected.value;
          activePanel.showAround(activePanel.around.value ? undefined : row);
        }),
      },
      { keys: ['y'], label: 'Copy the open record as JSON', run: ({ active }) => press(active.value, 'y') },
      {
        keys: ['Escape'],
        label: 'Close it, or go back to the filter',
        run: (dashboard) => escape(dashboard),
      },
    ],
  },
  {
    title: 'View',
    shortcuts: [
      {
        keys: ['w'],
        label: 'Wrap lines',
        run: ({ settings }) => settings.change({ wrap: !settings.current.value.wrap }),
      },
      {
        keys: ['u'],
        label: 'Times local or UTC',
        run: ({ settings }) =>
          settings.change({ zone: settings.current.value.zone === 'utc' ? 'local' : 'utc' }),
      },
      {
        keys: ['t'],
        label: 'Theme',
        run: ({ settings }) => settings.change({ theme: nextTheme(settings.current.value.theme) }),
      },
      { keys: ['?'], label: 'This help', run: ({ helpOpen }) => void (helpOpen.value = !helpOpen.value) },
    ],
  },
];

const BY_KEY = new Map(
  SHORTCUTS.flatMap(({ shortcuts }) =>
    shortcuts.flatMap((one) => one.keys.map((key) => [key, one.run] as const)),
  ),
);

export function handleShortcut(event: KeyboardEvent, dashboard: Dashboard): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const target = event.target as Element;
  const typing = target.matches(FIELDS);
  if (typing) {
    if (event.key === 'Escape') focusList(dashboard.active.value);
    return;
  }
  const key = shortcutKey(event);
  if (dashboard.helpOpen.value && key !== '?') return;
  const run = BY_KEY.get(key);
  if (!run) return;
  event.preventDefault();
  run(dashboard, key);
}

/** What only makes sense for what comes in. */
function live(run: (dashboard: Dashboard) => void): (dashboard: Dashboard) => void {
  return (dashboard) => {
    if (!dashboard.trailSearch) run(dashboard);
  };
}

function highlight({ activePanel }: Dashboard): void {
  const term = String(getSelection() ?? '').trim();
  if (term !== '' && term.length <= LONGEST_TERM && !term.includes('\n')) {
    getSelection()?.removeAllRanges();
    return activePanel.highlightAlso(term);
  }
  const panel = document.querySelector(`#panel-${activePanel.category}`);
  const menu = panel?.querySelector<HTMLElement>('.mark-field')?.closest('details');
  if (menu) menu.open = true;
  const fields = [...(panel?.querySelectorAll<HTMLInputElement>('.mark-field') ?? [])];
  (fields.find(({ value }) => value === '') ?? fields[0])?.focus();
}

function turnToTrail(dashboard: Dashboard): void {
  const search = dashboard.trailOf('audit')?.search;
  if (!search) return;
  if (search.open.value) search.close();
  else search.reopen();
  goTo(dashboard, 'audit');
}

function escape({ activePanel, activeList, trailSearch }: Dashboard): void {
  if (activeList.detailOpen.value) activeList.detailOpen.value = false;
  else if (!trailSearch && activePanel.around.value) activePanel.showAround(undefined);
  else activeList.select(undefined);
  focusList(activePanel.category);
}

/** The next key is for this panel, however soon it comes. */
function goTo({ active }: Dashboard, category: Category): void {
  active.value = category;
  focusList(category);
  // On a phone the panel is shown only then; who has gone on to a field meanwhile stays there.
  requestAnimationFrame(() => {
    if (!document.activeElement?.matches(FIELDS)) focusList(category);
  });
}

function focusList(category: Category): void {
  document.querySelector<HTMLElement>(`#panel-${category} .list`)?.focus();
}

function focusSearch(category: string): void {
  const focus = (): void => document.querySelector<HTMLElement>(`#panel-${category} .filter-search`)?.focus();
  focus();
  if (!document.activeElement?.matches(FIELDS)) requestAnimationFrame(focus);
}

function press(category: string, key: string): void {
  document.querySelector<HTMLElement>(`#panel-${category} .detail [aria-keyshortcuts="${key}"]`)?.click();
}
