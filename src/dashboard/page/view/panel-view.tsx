import { type JSX } from 'preact';
import { count } from '../model/format.js';
import { type Panel } from '../state/panel.js';
import { useDashboard } from './dashboard-context.js';
import { FilterFields } from './filter-fields.js';
import { LevelToggles } from './level-toggles.js';
import { PanelActions } from './panel-actions.js';
import { RecordDetail } from './record-detail.js';
import { RecordList } from './record-list.js';

export function PanelView({ panel }: { readonly panel: Panel }): JSX.Element {
  const dashboard = useDashboard();
  const { category, title } = panel;
  const selected = panel.selected.value;
  const active = (): void => void (dashboard.active.value = category);
  return (
    <section
      id={`panel-${category}`}
      class="panel"
      aria-labelledby={`title-${category}`}
      data-active={dashboard.active.value === category}
      data-held={panel.held.value}
      onFocusIn={active}
      onPointerDown={active}
    >
      <div class="panel-head">
        <h2 id={`title-${category}`}>{title}</h2>
        <Tally panel={panel} />
        <LevelToggles panel={panel} />
      </div>
      <div class="panel-tools">
        <FilterFields panel={panel} />
        <PanelActions panel={panel} />
      </div>
      {panel.around.value && (
        <p class="around">
          All records around the one you chose.
          <button type="button" class="link" onClick={() => panel.showAround(undefined)}>
            Back to the filter
          </button>
        </p>
      )}
      <div class="list-area">
        <RecordList panel={panel} />
        <Empty panel={panel} />
        <Unseen panel={panel} />
      </div>
      {panel.detailOpen.value && selected?.kind === 'record' && <RecordDetail panel={panel} row={selected} />}
    </section>
  );
}

/** How many there are, and how many of them are shown. */
function Tally({ panel }: { readonly panel: Panel }): JSX.Element {
  void panel.version.value;
  const all = panel.store.records;
  const shown = panel.shown.length;
  return (
    <span
      class="tally"
      title={panel.store.evicted > 0 ? `${count(panel.store.evicted)} older ones let go of` : ''}
    >
      {panel.filtering && !panel.around.value ? `${count(shown)} of ${count(all)}` : count(all)}
    </span>
  );
}

function Empty({ panel }: { readonly panel: Panel }): JSX.Element | null {
  void panel.version.value;
  const { connection, sees } = useDashboard();
  if (panel.shown.length > 0) return null;
  if (!sees.value.includes(panel.category)) return <p class="empty">You may not see these records.</p>;
  if (panel.filtering && panel.store.records > 0) return <p class="empty">No record passes the filter.</p>;
  return (
    <p class="empty">{connection.value.phase === 'live' ? 'No records yet.' : 'Waiting for the stream.'}</p>
  );
}

/** What has come meanwhile, and the way there. */
function Unseen({ panel }: { readonly panel: Panel }): JSX.Element | null {
  void panel.version.value;
  const { settings } = useDashboard();
  const { unseen, category } = panel;
  const held = panel.held.value;
  if (unseen === 0 && !held) return null;
  const newestFirst = settings.current.value.newestFirst[category];
  return (
    <button
      type="button"
      class="unseen"
      data-edge={newestFirst ? 'top' : 'bottom'}
      onClick={() => panel.follow(true)}
    >
      {held && 'Paused · '}
      {count(unseen)} new
    </button>
  );
}
