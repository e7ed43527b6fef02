import { foldText } from '../../../wire/fold.js';
import { type LogLevel } from '../../../wire/level.js';
import { type Row } from './row.js';
import { compileSearch, expressionOf } from './search.js';
import { textPattern } from './text-pattern.js';
import { type Scalar, valueAt, type ValuePath } from './value-path.js';

/** A field that must have a value, or must not. */
export interface FieldCondition {
  readonly path: ValuePath;
  readonly value: Scalar;
  readonly exclude: boolean;
}

/**
 * What one panel shows of the records that the page has. Applied here and not on the server: it is instant, it also
 * holds for what is there already, and taking a filter away brings everything back.
 */
export interface PanelFilter {
  readonly hidden: readonly LogLevel[];
  readonly search: string;
  readonly logger: string;
  readonly action: string;
  readonly fields: readonly FieldCondition[];
  /** Terms that stand out, and hide nothing. */
  readonly marks: readonly string[];
}

export const NO_FILTER: PanelFilter = {
  hidden: [],
  search: '',
  logger: '',
  action: '',
  fields: [],
  marks: [],
};

export function isFiltering({ hidden, search, logger, action, fields }: PanelFilter): boolean {
  return hidden.length + fields.length > 0 || [search, logger, action].some((text) => text.trim() !== '');
}

/** @returns whether all that passes a filter certainly passes the other one as well */
export function isWithin(filter: PanelFilter, other: PanelFilter): boolean {
  return (
    other.hidden.every((level) => filter.hidden.includes(level)) &&
    searchesWithin(filter.search, other.search) &&
    (['logger', 'action'] as const).every((name) => ['', filter[name].trim()].includes(other[name].trim())) &&
    other.fields.every((field) =>
      filter.fields.some((own) => own.exclude === field.exclude && sameValue(own, field)),
    )
  );
}

/** Of a regular expression only itself is certain. */
function searchesWithin(search: string, other: string): boolean {
  if (search.trim() === other.trim()) return true;
  if (expressionOf(search) || expressionOf(other)) return false;
  return foldText(search.trim()).includes(foldText(other.trim()));
}

/** @returns whether a row is shown; what happened to the stream itself always is */
export function compilePanelFilter(filter: PanelFilter): (row: Row) => boolean {
  if (!isFiltering(filter)) return () => true;
  const { fields } = filter;
  const hidden = new Set(filter.hidden);
  const search = compileSearch(filter.search);
  const logger = textPattern(filter.logger);
  const action = textPattern(filter.action);
  return (row) => {
    if (row.kind !== 'record') return true;
    const { data } = row;
    return (
      !hidden.has(data.level) &&
      (!logger || logger(data.logger)) &&
      (!action || action(String(data['action'] ?? ''))) &&
      fields.every(({ path, value, exclude }) => (valueAt(data, path) === value) !== exclude) &&
      // The dearest comes last.
      (!search || search(row))
    );
  };
}

/** Adds a condition; one on the same value that says the opposite goes. */
export function withField(filter: PanelFilter, added: FieldCondition): PanelFilter {
  const others = filter.fields.filter((field) => !sameValue(field, added));
  return { ...filter, fields: [...others, added] };
}

export function withoutField(filter: PanelFilter, gone: FieldCondition): PanelFilter {
  return { ...filter, fields: filter.fields.filter((field) => field !== gone) };
}

export function toggleLevel(filter: PanelFilter, level: LogLevel): PanelFilter {
  const hidden = filter.hidden.includes(level)
    ? filter.hidden.filter((other) => other !== level)
    : [...filter.hidden, level];
  return { ...filter, hidden };
}

function sameValue(one: FieldCondition, other: FieldCondition): boolean {
  return one.value === other.value && one.path.join('\0') === other.path.join('\0');
}
