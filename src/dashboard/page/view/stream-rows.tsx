import { type JSX } from 'preact';
import { count } from '../model/format.js';
import { type GapRow, type NoticeRow } from '../model/row.js';
import { useDashboard } from './dashboard-context.js';

const REASONS: Readonly<Record<string, string>> = {
  slow_consumer: 'this page read too slowly',
  evicted: 'the server no longer had them',
  rate_limit: 'more than the server sends',
  broker: 'lost between servers',
  earlier: 'logged before',
};

/** Records that are missing here. Never hidden by a filter: nobody knows what is in them. */
export function GapCells({ row }: { readonly row: GapRow }): JSX.Element {
  const { control } = useDashboard();
  const { state, reason } = row;
  const number = count(row.count);
  const why = REASONS[reason] ?? reason;
  return (
    <span role="gridcell" class="gap">
      <span class="gap-text">
        {reason === 'earlier' ? `${number} earlier` : `${number} skipped`}
        <span class="gap-reason"> {why}</span>
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
