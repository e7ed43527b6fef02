import { type JSX } from 'preact';
import { auditFacts } from '../model/audit-facts.js';
import { type Column } from '../model/columns.js';
import { extrasOf } from '../model/extras.js';
import { clockTime, duration } from '../model/format.js';
import { LEVEL_LABELS } from '../model/level.js';
import { type RecordRow } from '../model/row.js';
import { errorText, outcomeText, type ShownParts, sourceOf } from '../model/row-text.js';
import { isNote, KIND_LABELS } from '../model/trail-entry.js';
import { visibleText } from '../model/visible-text.js';
import { Visible, visibleIn } from './visible.js';

/** How the rows of a list are shown. */
export interface RowLook extends ShownParts {
  readonly wrap: boolean;
  /** What is searched for. */
  readonly needle: string;
}

/** More than a screen of text; a click shows the rest. */
const LONGEST_WRAPPED = 1_000;

/** One cell. Called, not rendered: a component for each would be most of what a burst costs. */
export function recordCell(row: RecordRow, column: Column | 'message', look: RowLook): JSX.Element {
  const { data, time } = row;
  if (column === 'time') {
    const text = clockTime(time, look.zone);
    return (
      <time key={column} role="gridcell" class="cell-time" dateTime={data.timestamp}>
        {text.slice(0, -4)}
        <span class="ms">{text.slice(-4)}</span>
      </time>
    );
  }
  return (
    <span
      key={column}
      role="gridcell"
      class={`cell-${column}`}
      title={column === 'logger' ? visibleText(data.logger) : undefined}
    >
      {content(row, column, look)}
    </span>
  );
}

function content(
  row: RecordRow,
  column: Exclude<Column, 'time'> | 'message',
  look: RowLook,
): JSX.Element | string | null {
  const { data } = row;
  const { needle } = look;
  switch (column) {
    case 'level':
      return LEVEL_LABELS[data.level];
    case 'logger':
      return visibleIn(data.logger, needle);
    case 'source':
      return visibleIn(sourceOf(data), needle);
    case 'action':
      return visibleIn(auditFacts(data).action, needle);
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
  }
}

function message({ data, entry }: RecordRow, look: RowLook): JSX.Element {
  const { needle, wrap, fields } = look;
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
      <Visible
        text={data.message}
        needle={needle}
        most={wrap ? LONGEST_WRAPPED : undefined}
        lineBreaks={wrap}
      />
      {actor !== undefined && (
        <span class="extra">
          {' by '}
          <Visible text={actor} needle={needle} most={60} />
        </span>
      )}
      {error !== undefined && (
        <span class="row-error">
          {' '}
          <Visible text={error} needle={needle} most={200} />
        </span>
      )}
      {fields &&
        (!entry || !isNote(entry.kind)) &&
        extrasOf(data).map(({ name, value }) => (
          <span key={name} class="extra">
            {' '}
            <span class="extra-name">{visibleIn(name, '', 40)}=</span>
            {visibleIn(value, needle, 400)}
          </span>
        ))}
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
