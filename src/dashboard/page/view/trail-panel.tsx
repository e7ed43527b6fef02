import { type JSX } from 'preact';
import { count, fullTime } from '../model/format.js';
import { conditionOf } from '../model/trail-query.js';
import { MOST_FOUND, type TrailSearch } from '../state/trail-search.js';
import { useDashboard } from './dashboard-context.js';
import { EntrySummary } from './entry-summary.js';
import { ColumnsMenu, ExportMenu } from './panel-actions.js';
import { RecordDetail } from './record-detail.js';
import { RecordList } from './record-list.js';
import { TrailForm } from './trail-form.js';

export function TrailActions({ search }: { readonly search: TrailSearch }): JSX.Element {
  return (
    <div class="tools" role="toolbar" aria-label="Trail view">
      <ColumnsMenu rows={search} />
      <ExportMenu name="trail" rows={search} reversed />
    </div>
  );
}

/** In place of what comes in: a search in the whole trail. */
export function TrailPanel({ search }: { readonly search: TrailSearch }): JSX.Element {
  const selected = search.selected.value;
  return (
    <>
      <div class="panel-tools">
        <TrailForm search={search} />
      </div>
      <div class="list-area">
        <RecordList
          key={search.number.value}
          rows={search}
          reversed
          follow={undefined}
          onNearEnd={() => search.more()}
        />
      </div>
      <Progress search={search} />
      {search.detailOpen.value && selected?.kind === 'record' && (
        <RecordDetail
          rows={search}
          row={selected}
          reversed
          summary={selected.entry && <EntrySummary seq={selected.seq} entry={selected.entry} />}
          filter={{
            offers: (path, value, exclude) => !exclude && conditionOf(path, value) !== undefined,
            apply: (path, value) => search.search({ ...search.query.value, ...conditionOf(path, value) }),
          }}
        />
      )}
    </>
  );
}

/** How many were found, how far back, and what is left to do; a refusal as what it is. */
function Progress({ search }: { readonly search: TrailSearch }): JSX.Element {
  void search.version.value;
  const { zone } = useDashboard().settings.current.value;
  const { oldest, shown } = search;
  const phase = search.phase.value;
  const refusal = search.refusal.value;
  if (phase === 'refused' && refusal) {
    return (
      <p class="trail-progress" data-phase={phase} role="alert">
        <span>{refusal.message}</span>
        {refusal.status === 401 ? (
          <button type="button" class="link" onClick={() => search.signIn()}>
            Sign in
          </button>
        ) : (
          refusal.status !== 400 && (
            <button type="button" class="link" onClick={() => search.goOn()}>
              Try again
            </button>
          )
        )}
      </p>
    );
  }
  const found = shown.length === 1 ? '1 entry' : `${count(shown.length)} entries`;
  const back = oldest ? ` back to ${fullTime(oldest.time, zone)}` : '';
  return (
    <p class="trail-progress" data-phase={phase} role="status">
      <span>
        {phase === 'done' &&
          (shown.length === 0 ? 'Nothing in the trail matches.' : `${found}, all there are.`)}
        {phase === 'searching' &&
          (shown.length === 0 ? 'Searching the trail…' : `${found}${back}, searching on…`)}
        {phase === 'more' && `${found}${back}. Scroll for earlier ones.`}
        {phase === 'paused' && `${found} so far.`}
        {phase === 'full' && `The newest ${count(MOST_FOUND)}${back}. Narrow the search to see earlier ones.`}
      </span>
      {phase === 'paused' && (
        <button type="button" class="link" onClick={() => search.goOn()}>
          Search on
        </button>
      )}
    </p>
  );
}
