import { shortcutKey } from '../model/shortcut-key.js';
import { type Dashboard } from '../state/dashboard.js';
import { type RowList } from '../state/row-list.js';

const PAGE = 20;

/** What keys do in the list, as in a grid (WAI-ARIA); `j` and `k` for hands that are used to it. */
export function listKeys(event: KeyboardEvent, rows: RowList, dashboard: Dashboard, reversed: boolean): void {
  if ((event.ctrlKey || event.metaKey) && event.code === 'KeyA') {
    event.preventDefault();
    return rows.selectAll();
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const down = reversed ? -1 : 1;
  const actions: Partial<Record<string, () => void>> = {
    ArrowDown: () => rows.move(down, event.shiftKey),
    ArrowUp: () => rows.move(-down, event.shiftKey),
    j: () => rows.move(down),
    k: () => rows.move(-down),
    PageDown: () => rows.move(PAGE * down),
    PageUp: () => rows.move(-PAGE * down),
    Home: () => rows.move(Number.NEGATIVE_INFINITY * down),
    End: () => rows.move(Number.POSITIVE_INFINITY * down),
    Enter: () => open(rows, dashboard),
  };
  const action = actions[shortcutKey(event)];
  if (!action) return;
  event.preventDefault();
  action();
}

function open(rows: RowList, { control }: Dashboard): void {
  const row = rows.selected.value;
  if (row?.kind === 'gap' && row.state === 'fetchable') control.fetchGap(row);
  if (row?.kind === 'record') rows.detailOpen.value = true;
}
