import { type Column, COLUMNS, HIDDEN_AT_FIRST } from './columns.js';
import { type FieldColumn, isFieldColumn, MOST_FIELD_COLUMNS } from './field-columns.js';
import { type TimeZone } from './format.js';
import { CATEGORIES, type Category } from './row.js';

export const THEMES = ['auto', 'light', 'dark'] as const;

export type Theme = (typeof THEMES)[number];

/** How one person likes the page; kept in their browser. */
export interface Settings {
  readonly theme: Theme;
  readonly zone: TimeZone;
  readonly wrap: boolean;
  /** Share of the left panel, in percent. */
  readonly split: number;
  readonly newestFirst: Readonly<Record<Category, boolean>>;
  readonly hiddenColumns: Readonly<Record<Category, readonly Column[]>>;
  /** Fields that somebody wants as columns. */
  readonly fieldColumns: Readonly<Record<Category, readonly FieldColumn[]>>;
}

export const SPLIT = { least: 20, most: 80, usual: 50 } as const;

export const DEFAULT_SETTINGS: Settings = {
  theme: 'auto',
  zone: 'local',
  wrap: false,
  split: SPLIT.usual,
  newestFirst: { system: false, audit: false },
  hiddenColumns: HIDDEN_AT_FIRST,
  fieldColumns: { system: [], audit: [] },
};

export function clampSplit(percent: number): number {
  return Math.min(SPLIT.most, Math.max(SPLIT.least, percent));
}

/** Reads what an earlier version of the page, or somebody by hand, has stored: what is wrong gets its default. */
export function readSettings(json: string | null): Settings {
  const stored = parse(json);
  const { theme, zone, wrap, split } = stored;
  const newestFirst = fieldsOf(stored['newestFirst']);
  const hidden = fieldsOf(stored['hiddenColumns']);
  const fields = fieldsOf(stored['fieldColumns']);
  return {
    theme: THEMES.find((known) => known === theme) ?? DEFAULT_SETTINGS.theme,
    zone: zone === 'utc' ? 'utc' : 'local',
    wrap: wrap === true,
    split: typeof split === 'number' && Number.isFinite(split) ? clampSplit(split) : SPLIT.usual,
    newestFirst: { system: newestFirst['system'] === true, audit: newestFirst['audit'] === true },
    hiddenColumns: Object.fromEntries(
      CATEGORIES.map((category) => [category, hiddenColumns(category, hidden[category])]),
    ) as Settings['hiddenColumns'],
    fieldColumns: { system: fieldColumns(fields['system']), audit: fieldColumns(fields['audit']) },
  };
}

function hiddenColumns(category: Category, stored: unknown): readonly Column[] {
  if (!Array.isArray(stored)) return HIDDEN_AT_FIRST[category];
  return COLUMNS[category].filter((column) => stored.includes(column));
}

function fieldColumns(stored: unknown): readonly FieldColumn[] {
  if (!Array.isArray(stored)) return [];
  const columns = stored.filter((column) => typeof column === 'string' && isFieldColumn(column));
  return columns.slice(0, MOST_FIELD_COLUMNS) as FieldColumn[];
}

function parse(json: string | null): Record<string, unknown> {
  try {
    return fieldsOf(JSON.parse(json ?? '{}'));
  } catch {
    return {};
  }
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
