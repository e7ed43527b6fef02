import { type JSX } from 'preact';
import { type Marks } from '../model/marks.js';
import { auditFacts } from '../model/audit-facts.js';
import { type Cell } from '../model/columns.js';
import { fieldText, isFieldColumn } from '../model/field-columns.js';
import { extrasOf } from '../model/extras.js';
import { clockTime, count, duration, fullTime } from '../model/format.js';
import { LEVEL_LABELS } from '../model/level.js';
import { type RecordRow } from '../model/row.js';
import { errorText, outcomeText, repeatsText, type ShownParts, sourceOf } from '../model/row-text.js';
import { isNote, KIND_LABELS } from '../model/trail-entry.js';
import { visibleText } from '../model/visible-text.js';
import { Visible, visibleIn } from './visible.js';

/** How the rows of a list are shown. */
export interface RowLook extends ShownParts {
  readonly wrap: boolean;
  /** What is searched for. */
  readonly marks: Marks;
}

/** More than a screen of text; a click shows the rest. */
const LONGEST_WRAPPED = 1_000;

/** One cell. Called, not rendered: a component for each would be most of what a burst costs. */
export function recordCell(row: RecordRow, column: Cell, look: RowLook): JSX.Element {
  const { data, time } = row;
  if (column === 'time') {
    const text = clockTime(time, look.zone);
    return (
      <time
        key={column}
        role="gridcell"
        class="cell-time"
        dateTime={data.timestamp}
        title={fullTime(time, look.zone)}
      >
        {text.slice(0, -4)}
        <span class="ms">{text.slice(-4)}</span>
      </time>
    );
  }
  return (
    <span
      key={column}
      role="gridcell"
      class={isFieldColumn(column) ? 'cell-field' : `cell-${column}`}
      title={titleOf(data, column)}
    >
      {content(row, column, look)}
    </span>
  );
}

function titleOf(data: RecordRow['data'], column: Cell): string | undefined {
  if (column === 'logger') return visibleText(data.logger);
  return isFieldColumn(column) ? visibleText(fieldText(data, column)).slice(0, 400) : undefined;
}

function content(row: RecordRow, column: Exclude<Cell, 'time'>, look: RowLook): JSX.Element | string | null {
  const { data } = row;
  const { marks } = look;
  switch (column) {
    case 'level':
      return LEVEL_LABELS[data.level];
    case 'logger':
      return visibleIn(data.logger, marks);
    case 'source':
      return visibleIn(sourceOf(data), marks);
    case 'action':
      return visibleIn(auditFacts(data).action, marks);
    case 'outcome':
      return <Outcome row={row} />;
    case 'duration': {
      const { durationMs } = auditFacts(data);
      return durationMs === undefined ? null : duration(durationMs);
    }
    case 'seq':
      return String(row.seq);
    case 'message':
      return message(row, look);
    case 'actor':
    case 'fields':
      return null;
    default:
      return visibleIn(fieldText(data, column), marks, 200);
  }
}

function message(row: RecordRow, look: RowLook): JSX.Element {
  const { data, entry } = row;
  const { marks, wrap, fields } = look;
  const actor = look.actor && data['actor'] !== undefined ? auditFacts(data).actor : undefined;
  const error = errorText(data);
  return (
    <>
      {entry && entry.kind !== 'record' && (
        <>
          <span class="entry-kind">
            {KIND_LABELS[entry.kind] ?? <Visible text={entry.kind} most={24} />}
          </span>{' '}
        </>
      )}
      {row.repeats && (
        <>
          <span class="repeats" title={repeatsText(row.repeats)}>
            ×{count(row.repeats.count)}
          </span>{' '}
        </>
      )}
      {look.inline.includes('outcome') && data['outcome'] !== undefined && (
        <>
          <Outcome row={row} />{' '}
        </>
      )}
      <Visible
        text={data.message}
        marks={marks}
        most={wrap ? LONGEST_WRAPPED : undefined}
        lineBreaks={wrap}
      />
      {actor !== undefined && (
        <span class="extra">
          {' by '}
          <Visible text={actor} marks={marks} most={60} />
        </span>
      )}
      {error !== undefined && (
        <span class="row-error">
          {' '}
          <Visible text={error} marks={marks} most={200} />
        </span>
      )}
      {fields &&
        (!entry || !isNote(entry.kind)) &&
        extrasOf(data).map(({ name, value }) => (
          <span key={name} class="extra">
            {' '}
            <span class="extra-name">{visibleIn(name, undefined, 40)}=</span>
            {visibleIn(value, marks, 400)}
          </span>
        ))}
      {look.inline.includes('duration') && typeof data['duration_ms'] === 'number' && (
        <span class="extra"> {duration(data['duration_ms'])}</span>
      )}
    </>
  );
}

/** In words as well as in colour. */
export function Outcome({ row }: { readonly row: RecordRow }): JSX.Element | null {
  const { outcome } = auditFacts(row.data);
  if (outcome === undefined) return null;
  return (
    <span class="outcome" data-outcome={outcome}>
      <Visible text={outcomeText(row.data)} most={24} />
    </span>
  );
}
