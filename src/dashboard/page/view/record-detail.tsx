import { type JSX } from 'preact';
import { auditFacts } from '../model/audit-facts.js';
import { duration, fullTime } from '../model/format.js';
import { LEVEL_LABELS } from '../model/level.js';
import { type RecordRow } from '../model/row.js';
import { type Scalar, type ValuePath } from '../model/value-path.js';
import { type Panel } from '../state/panel.js';
import { useDashboard } from './dashboard-context.js';
import { IconButton } from './icon-button.js';
import { Outcome } from './record-cells.js';
import { StackTrace } from './stack-trace.js';
import { LongText, ValueTree } from './value-tree.js';
import { Visible } from './visible.js';

/** One record, all of it. */
export function RecordDetail({
  panel,
  row,
}: {
  readonly panel: Panel;
  readonly row: RecordRow;
}): JSX.Element {
  const dashboard = useDashboard();
  const { zone, newestFirst } = dashboard.settings.current.value;
  const needle = panel.filter.value.search;
  const { data } = row;
  const down = newestFirst[panel.category] ? -1 : 1;
  const copy = async (): Promise<void> => {
    const text = JSON.stringify({ type: `${row.category}_log`, seq: row.seq, data }, null, 2);
    await navigator.clipboard.writeText(text);
    dashboard.announcer.say('Copied as JSON');
  };
  const filterBy = (path: ValuePath, value: Scalar, exclude: boolean): void =>
    panel.filterBy({ path, value, exclude });
  return (
    <section class="detail" aria-label={`${panel.title} record ${row.seq}`} data-level={data.level}>
      <header class="detail-head">
        <span class="level">{LEVEL_LABELS[data.level]}</span>
        <time dateTime={data.timestamp}>{fullTime(row.time, zone)}</time>
        <span class="detail-seq">#{row.seq}</span>
        <div class="tools" role="toolbar" aria-label="Record">
          <IconButton icon="up" label="Record above" onClick={() => panel.move(-down)} />
          <IconButton icon="down" label="Record below" onClick={() => panel.move(down)} />
          <IconButton
            icon="context"
            label="Show among all records"
            shortcut="x"
            pressed={panel.around.value !== undefined}
            onClick={() => panel.showAround(panel.around.value ? undefined : row)}
          />
          <IconButton icon="copy" label="Copy as JSON" shortcut="y" onClick={() => void copy()} />
          <IconButton
            icon="close"
            label="Close"
            shortcut="Escape"
            onClick={() => (panel.detailOpen.value = false)}
          />
        </div>
      </header>
      <div class="detail-body" tabIndex={0} role="group" aria-label="Contents of the record">
        <p class="detail-message">
          <LongText key={row.key} text={data.message} needle={needle} />
        </p>
        {row.category === 'audit' && <AuditSummary row={row} />}
        {data['error'] !== undefined && (
          <StackTrace key={`error${row.key}`} error={data['error']} needle={needle} />
        )}
        <ValueTree key={`tree${row.key}`} value={data} path={[]} needle={needle} onFilter={filterBy} />
      </div>
    </section>
  );
}

/** Who did what to whom, with what result, and how long it took. */
function AuditSummary({ row }: { readonly row: RecordRow }): JSX.Element {
  const { action, actor, targets, durationMs, outcome } = auditFacts(row.data);
  const facts: [name: string, text: string | JSX.Element | undefined][] = [
    ['Action', action && <Visible text={action} />],
    ['Actor', actor && <Visible text={actor} />],
    ['Target', targets.length > 0 ? <Visible text={targets.join(', ')} /> : undefined],
    ['Outcome', outcome && <Outcome row={row} />],
    ['Duration', durationMs === undefined ? undefined : duration(durationMs)],
  ];
  return (
    <dl class="audit-facts">
      {facts.map(
        ([name, text]) =>
          text && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{text}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
