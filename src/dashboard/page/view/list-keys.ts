import { type Dashboard } from '../state/dashboard.js';
import { type Panel } from '../state/panel.js';

const PAGE = 20;

/** What keys do in the list, as in a grid (WAI-ARIA); `j` and `k` for hands that are used to it. */
export function listKeys(event: KeyboardEvent, panel: Panel, dashboard: Dashboard, reversed: boolean): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const down = reversed ? -1 : 1;
  const actions: Partial<Record<string, () => void>> = {
    ArrowDown: () => panel.move(down),
    ArrowUp: () => panel.move(-down),
    j: () => panel.move(down),
    k: () => panel.move(-down),
    PageDown: () => panel.move(PAGE * down),
    PageUp: () => panel.move(-PAGE * down),
    Home: () => panel.move(Number.NEGATIVE_INFINITY * down),
    End: () => panel.move(Number.POSITIVE_INFINITY * down),
    Enter: () => open(panel, dashboard),
  };
  const action = actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

function open(panel: Panel, { control }: Dashboard): void {
  const row = panel.selected.value;
  if (row?.kind === 'gap' && row.state === 'fetchable') control.fetchGap(row);
  if (row?.kind === 'record') panel.detailOpen.value = true;
}
