import { type JSX } from 'preact';
import { count } from '../model/format.js';
import { queryOfFilter } from '../model/trail-query.js';
import { type Trail } from '../state/dashboard.js';
import { type Panel } from '../state/panel.js';
import { useDashboard } from './dashboard-context.js';
import { FilterFields } from './filter-fields.js';
import { Icon } from './icon.js';
import { LevelToggles } from './level-toggles.js';
import { PanelActions } from './panel-actions.js';
import { RecordDetail } from './record-detail.js';
import { RecordList } from './record-list.js';
import { TrailBadge } from './trail-badge.js';
import { TrailActions, TrailPanel } from './trail-panel.js';

export function PanelView({ panel }: { readonly panel: Panel }): JSX.Element {
  const dashboard = useDashboard();
  const { category, title } = panel;
  const active = (): void => void (dashboard.active.value = category);
  const trail = dashboard.trailOf(category);
  const searching = trail?.search.open.value === true;
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
      <div class="panel-head" data-levels={!searching}>
        <h2 id={`title-${category}`}>{title}</h2>
        {trail && <TrailSwitch trail={trail} />}
        {searching ? <span class="tally" /> : <Tally panel={panel} />}
        {trail && <TrailBadge health={trail.health} />}
        {searching ? <TrailActions search={trail.search} /> : <LevelToggles panel={panel} />}
      </div>
      {searching ? <TrailPanel search={trail.search} /> : <LivePanel panel={panel} trail={trail} />}
    </section>
  );
}

/** Between what comes in and the whole trail. */
function TrailSwitch({ trail: { search } }: { readonly trail: Trail }): JSX.Element {
  const open = search.open.value;
  return (
    <div class="switch" role="group" aria-label="What the audit panel shows">
      <button type="button" aria-pressed={!open} title="What comes in (g)" onClick={() => search.close()}>
        Live
      </button>
      <button
        type="button"
        aria-pressed={open}
        title="Search the whole trail (g)"
        onClick={() => search.reopen()}
      >
        <Icon name="search" />
        Trail
      </button>
    </div>
  );
}

interface LivePanelProps {
  readonly panel: Panel;
  readonly trail: Trail | undefined;
}

function LivePanel({ panel, trail }: LivePanelProps): JSX.Element {
  const { settings } = useDashboard();
  const reversed = settings.current.value.newestFirst[panel.category];
  const selected = panel.selected.value;
  const following = panel.keepsUp;
  return (
    <>
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
      {trail && <TrailOffer panel={panel} trail={trail} />}
      <div class="list-area">
        <RecordList
          rows={panel}
          reversed={reversed}
          follow={following ? (reversed ? 'top' : 'bottom') : undefined}
          onEdge={(atEdge) => {
            if (!panel.held.value && !panel.marked.value && atEdge !== panel.following.value)
              panel.follow(atEdge);
          }}
        />
        <Empty panel={panel} />
        <Unseen panel={panel} />
      </div>
      {panel.detailOpen.value && selected?.kind === 'record' && (
        <RecordDetail
          rows={panel}
          row={selected}
          reversed={reversed}
          around={{
            pressed: panel.around.value !== undefined,
            toggle: () => panel.showAround(panel.around.value ? undefined : selected),
          }}
          filter={{
            offers: () => true,
            apply: (path, value, exclude) => panel.filterBy({ path, value, exclude }),
          }}
        />
      )}
    </>
  );
}

/** Below so many rows somebody may well be looking for what is no longer in memory. */
const FEW = 20;

/** Where a filter leaves little: the same search in the whole trail. */
function TrailOffer({ panel, trail }: { readonly panel: Panel; readonly trail: Trail }): JSX.Element | null {
  void panel.counted.value;
  const filter = panel.filter.value;
  const searched =
    [filter.search, filter.action].some((text) => text.trim() !== '') || filter.fields.length > 0;
  const found = panel.shownRecords;
  if (!searched || panel.around.value || found >= FEW) return null;
  return (
    <p class="around">
      {found === 0 ? 'None' : found === 1 ? 'One' : count(found)} among those in memory.
      <button type="button" class="link" onClick={() => trail.search.search(queryOfFilter(filter))}>
        Search the whole trail for this
      </button>
    </p>
  );
}
/** How many there are, and how many of them are shown. */
function Tally({ panel }: { readonly panel: Panel }): JSX.Element {
  void panel.counted.value;
  const all = panel.store.records;
  const filtering = panel.filtering && !panel.around.value;
  return (
    <span class="tally" title={panel.heldText}>
      {filtering ? `${count(panel.shownRecords)} of ${count(all)}` : count(all)}
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
  const marked = panel.marked.value !== undefined;
  if (unseen === 0 && !held && !marked) return null;
  const goOn = (): void => {
    if (marked) getSelection()?.removeAllRanges();
    panel.mark(undefined);
    panel.follow(true);
  };
  const newestFirst = settings.current.value.newestFirst[category];
  return (
    <button type="button" class="unseen" data-edge={newestFirst ? 'top' : 'bottom'} onClick={goOn}>
      {held ? 'Paused · ' : marked && 'Paused by selection · '}
      {count(unseen)} new
    </button>
  );
}
