import { type JSX } from 'preact';
import { gapCount, gapReason } from '../model/gap-text.js';
import { type GapRow, type NoticeRow } from '../model/row.js';
import { useDashboard } from './dashboard-context.js';

/** Records that are missing here. Never hidden by a filter: nobody knows what is in them. */
export function GapCells({ row }: { readonly row: GapRow }): JSX.Element {
  const { control } = useDashboard();
  const { state } = row;
  return (
    <span role="gridcell" class="gap">
      <span class="gap-text">
        {gapCount(row)}
        <span class="gap-reason"> {gapReason(row)}</span>
      </span>
      {state === 'fetchable' && (
        <button type="button" class="gap-fetch" tabIndex={-1} onClick={() => control.fetchGap(row)}>
          Fetch
        </button>
      )}
      {state === 'fetching' && <span>Fetching…</span>}
      {state === 'gone' && <span>no longer kept</span>}
    </span>
  );
}

export function NoticeCells({ row }: { readonly row: NoticeRow }): JSX.Element {
  return (
    <span role="gridcell" class="notice" data-severity={row.severity}>
      {row.text}
    </span>
  );
}
