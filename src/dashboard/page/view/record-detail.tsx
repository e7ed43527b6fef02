import { type JSX } from 'preact';
import { auditFacts } from '../model/audit-facts.js';
import { exportedRow } from '../model/export-rows.js';
import { duration, fullTime } from '../model/format.js';
import { LEVEL_LABELS } from '../model/level.js';
import { linkOf, type RecordLink } from '../model/record-link.js';
import { type RecordRow } from '../model/row.js';
import { type RowList } from '../state/row-list.js';
import { useDashboard } from './dashboard-context.js';
import { IconButton } from './icon-button.js';
import { Outcome } from './record-cells.js';
import { StackTrace } from './stack-trace.js';
import { LongText, type ValueFilter, ValueTree } from './value-tree.js';
import { Visible } from './visible.js';

interface RecordDetailProps {
  readonly rows: RowList;
  readonly row: RecordRow;
  /** Whether the newest are at the top. */
  readonly reversed: boolean;
  /** What else is to be told, before the fields. */
  readonly summary?: JSX.Element | undefined;
  /** Shows the record among all others. */
  readonly around?: { readonly pressed: boolean; readonly toggle: () => void };
  /** What can be done with its values. */
  readonly filter: ValueFilter;
}

/** One record, all of it. */
export function RecordDetail(props: RecordDetailProps): JSX.Element {
  const { rows, row, reversed, summary, around, filter } = props;
  const dashboard = useDashboard();
  const { zone } = dashboard.settings.current.value;
  const { marks } = rows;
  const { data } = row;
  const down = reversed ? -1 : 1;
  const link = linkOf(row);
  const copyLink = async (to: RecordLink): Promise<void> => {
    await navigator.clipboard.writeText(dashboard.linkTo(to));
    dashboard.announcer.say('Link to the record copied');
  };
  const copy = async (): Promise<void> => {
    const text = JSON.stringify(exportedRow(row), null, 2);
    await navigator.clipboard.writeText(text);
    dashboard.announcer.say('Copied as JSON');
  };
  return (
    <section class="detail" aria-label={`${rows.title} record ${row.seq}`} data-level={data.level}>
      <header class="detail-head">
        <span class="level">{LEVEL_LABELS[data.level]}</span>
        <time dateTime={data.timestamp}>{fullTime(row.time, zone)}</time>
        <span class="detail-seq">#{row.seq}</span>
        <div class="tools" role="toolbar" aria-label="Record">
          <IconButton icon="up" label="Record above" onClick={() => rows.move(-down)} />
          <IconButton icon="down" label="Record below" onClick={() => rows.move(down)} />
          {around && (
            <IconButton
              icon="context"
              label="Show among all records"
              shortcut="x"
              pressed={around.pressed}
              onClick={around.toggle}
            />
          )}
          {link && (
            <IconButton icon="link" label="Copy a link to this record" onClick={() => void copyLink(link)} />
          )}
          <IconButton icon="copy" label="Copy as JSON" shortcut="y" onClick={() => void copy()} />
          <IconButton
            icon="close"
            label="Close"
            shortcut="Escape"
            onClick={() => (rows.detailOpen.value = false)}
          />
        </div>
      </header>
      <div class="detail-body" tabIndex={0} role="group" aria-label="Contents of the record">
        <p class="detail-message">
          <LongText key={row.key} text={data.message} marks={marks} />
        </p>
        {row.category === 'audit' && <AuditSummary row={row} />}
        {summary}
        {data['error'] !== undefined && (
          <StackTrace key={`error${row.key}`} error={data['error']} marks={marks} />
        )}
        <ValueTree
          key={`tree${row.key}`}
          value={row.entry?.data ?? data}
          path={[]}
          marks={marks}
          filter={filter}
        />
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
