import { type JSX } from 'preact';
import { auditFacts } from '../model/audit-facts.js';
import { type Column } from '../model/columns.js';
import { extrasOf } from '../model/extras.js';
import { clockTime, duration, fullTime, type TimeZone } from '../model/format.js';
import { LEVEL_LABELS } from '../model/level.js';
import { type RecordRow } from '../model/row.js';
import { isNote, KIND_LABELS } from '../model/trail-entry.js';
import { visibleText } from '../model/visible-text.js';
import { Visible } from './visible.js';

/** How the rows of a list are shown. */
export interface RowLook {
  readonly columns: readonly (Column | 'message')[];
  readonly actor: boolean;
  readonly fields: boolean;
  readonly zone: TimeZone;
  readonly wrap: boolean;
  /** What is searched for. */
  readonly needle: string;
}

/** More than a screen of text; a click shows the rest. */
const LONGEST_WRAPPED = 1_000;

interface CellProps {
  readonly row: RecordRow;
  readonly column: Column | 'message';
  readonly look: RowLook;
}

export function RecordCell({ row, column, look }: CellProps): JSX.Element {
  return (
    <span role="gridcell" class={`cell-${column}`}>
      {content(row, column, look)}
    </span>
  );
}

function content(row: RecordRow, column: Column | 'message', look: RowLook): JSX.Element | string | null {
  const { data, time } = row;
  const { needle, zone } = look;
  switch (column) {
    case 'time':
      return (
        <time dateTime={data.timestamp} title={fullTime(time, zone)}>
          {clockTime(time, zone).slice(0, -4)}
          <span class="ms">{clockTime(time, zone).slice(-4)}</span>
        </time>
      );
    case 'level':
      return <span class="level">{LEVEL_LABELS[data.level]}</span>;
    case 'logger':
      return (
        <span title={visibleText(data.logger)}>
          <Visible text={data.logger} needle={needle} most={80} />
        </span>
      );
    case 'source':
      return <Visible text={source(data)} needle={needle} most={80} />;
    case 'action':
      return <Visible text={auditFacts(data).action} needle={needle} most={80} />;
    case 'outcome':
      return <Outcome row={row} />;
    case 'duration': {
      const { durationMs } = auditFacts(data);
      return durationMs === undefined ? null : duration(durationMs);
    }
    case 'seq':
      return String(row.seq);
    case 'message':
      return <Message row={row} look={look} />;
    case 'actor':
    case 'fields':
      return null;
  }
}

function Message({
  row: { data, entry },
  look,
}: {
  readonly row: RecordRow;
  readonly look: RowLook;
}): JSX.Element {
  const { needle, wrap, fields } = look;
  const actor = look.actor && data['actor'] !== undefined ? auditFacts(data).actor : undefined;
  const error = data['error'] as { readonly name?: unknown; readonly message?: unknown } | undefined;
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
      {error && error.message !== data.message && (
        <span class="row-error">
          {' '}
          <Visible
            text={`${String(error.name ?? 'Error')}: ${String(error.message ?? '')}`}
            needle={needle}
            most={200}
          />
        </span>
      )}
      {fields &&
        (!entry || !isNote(entry.kind)) &&
        extrasOf(data).map(({ name, value }) => (
          <span key={name} class="extra">
            {' '}
            <span class="extra-name">
              <Visible text={name} most={40} />=
            </span>
            <Visible text={value} needle={needle} />
          </span>
        ))}
    </>
  );
}

/** In words as well as in colour. */
export function Outcome({ row }: { readonly row: RecordRow }): JSX.Element | null {
  const { outcome, reason } = auditFacts(row.data);
  if (outcome === undefined) return null;
  return (
    <span class="outcome" data-outcome={outcome}>
      <Visible text={outcome === 'success' ? 'ok' : (reason ?? outcome)} most={24} />
    </span>
  );
}

export function source({ module, function: name, line }: RecordRow['data']): string {
  if (typeof module !== 'string') return '';
  const place = typeof line === 'number' ? `${module}:${line}` : module;
  return typeof name === 'string' ? `${place} ${name}` : place;
}
