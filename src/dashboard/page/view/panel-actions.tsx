import { useSignal } from '@preact/signals';
import { type JSX } from 'preact';
import { type FieldColumn, fieldLabel, MOST_FIELD_COLUMNS } from '../model/field-columns.js';
import { cutText, visibleText } from '../model/visible-text.js';
import { COLUMN_LABELS, COLUMNS } from '../model/columns.js';
import { EXPORT_FORMATS, EXPORT_TYPES, type ExportFormat, exportRows } from '../model/export-rows.js';
import { count } from '../model/format.js';
import { type Row } from '../model/row.js';
import { rowText } from '../model/row-text.js';
import { type Dashboard } from '../state/dashboard.js';
import { type Panel } from '../state/panel.js';
import { type RowList } from '../state/row-list.js';
import { useDashboard } from './dashboard-context.js';
import { download } from './download.js';
import { IconButton } from './icon-button.js';
import { Menu } from './menu.js';
import { inOrder, useShownParts } from './shown-parts.js';

export function turnOrder({ settings }: Dashboard, { category }: Panel): void {
  const { newestFirst } = settings.current.value;
  settings.change({ newestFirst: { ...newestFirst, [category]: !newestFirst[category] } });
}

export function PanelActions({ panel }: { readonly panel: Panel }): JSX.Element {
  const dashboard = useDashboard();
  const { category } = panel;
  const newestFirst = dashboard.settings.current.value.newestFirst[category];
  const held = panel.held.value;
  return (
    <div class="tools" role="toolbar" aria-label={`${panel.title} view`}>
      <IconButton
        icon={held ? 'play' : 'pause'}
        label={held ? 'Resume' : 'Pause'}
        shortcut="p"
        pressed={held}
        onClick={() => (held ? panel.release() : panel.hold())}
      />
      <IconButton
        icon={newestFirst ? 'head' : 'tail'}
        label="Follow the newest"
        shortcut="f"
        pressed={panel.following.value && !held}
        onClick={() => panel.follow(held || !panel.following.value)}
      />
      <IconButton
        icon="order"
        label="Newest first"
        shortcut="o"
        pressed={newestFirst}
        onClick={() => turnOrder(dashboard, panel)}
      />
      <IconButton
        icon="fold"
        label="Fold repeats"
        shortcut="r"
        pressed={panel.folding.value}
        onClick={() => panel.fold(!panel.folding.value)}
      />
      <ColumnsMenu rows={panel} />
      <ExportMenu name={category} rows={panel} reversed={newestFirst} />
      <IconButton icon="clear" label="Clear" shortcut="c" onClick={() => panel.clear()} />
    </div>
  );
}

interface ExportMenuProps {
  /** First part of the name of the file. */
  readonly name: string;
  readonly rows: RowList;
  /** Whether the newest are at the top. */
  readonly reversed: boolean;
}

/** Saves or copies what the list has; where several rows are selected, those. */
export function ExportMenu({ name, rows, reversed }: ExportMenuProps): JSX.Element {
  const { announcer } = useDashboard();
  const parts = useShownParts(rows);
  const some = rows.anchor.value !== undefined && rows.selected.value !== undefined;
  const wanted = (): readonly Row[] => (some ? rows.chosenExported : rows.exported);
  const save = (format: ExportFormat): void => {
    const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
    download(`${name}-${stamp}.${format}`, EXPORT_TYPES[format], exportRows(wanted(), format));
  };
  const copy = async (text: string): Promise<void> => {
    await navigator.clipboard.writeText(text);
    const number = wanted().length;
    announcer.say(number === 1 ? 'One row copied' : `${count(number)} rows copied`);
  };
  const what = some ? 'selected rows' : 'visible rows';
  return (
    <Menu icon="download" label={`Export ${rows.title}`}>
      <button
        type="button"
        onClick={() =>
          void copy(
            inOrder(wanted(), reversed)
              .map((row) => rowText(row, parts))
              .join('\n'),
          )
        }
      >
        Copy {what}
      </button>
      <button type="button" onClick={() => void copy(exportRows(wanted(), 'ndjson'))}>
        Copy {what} as NDJSON
      </button>
      <hr />
      {EXPORT_FORMATS.map((format) => (
        <button key={format} type="button" onClick={() => save(format)}>
          Save {some ? 'selected ' : ''}as {format.toUpperCase()}
        </button>
      ))}
    </Menu>
  );
}

interface ColumnsMenuProps {
  readonly rows: RowList;
}

export function ColumnsMenu({ rows: { category, title, seenFields } }: ColumnsMenuProps): JSX.Element {
  const { settings } = useDashboard();
  const { hiddenColumns, fieldColumns } = settings.current.value;
  const fields = fieldColumns[category];
  // What was seen is listed when somebody looks.
  const offered = useSignal<readonly FieldColumn[]>([]);
  const hidden = hiddenColumns[category];
  return (
    <Menu
      icon="columns"
      label={`Columns of ${title}`}
      onOpen={() => (offered.value = [...new Set([...fields, ...seenFields.all])])}
    >
      {COLUMNS[category].map((column) => (
        <label key={column}>
          <input
            type="checkbox"
            checked={!hidden.includes(column)}
            onChange={({ currentTarget: { checked } }) => {
              const others = hidden.filter((other) => other !== column);
              settings.change({
                hiddenColumns: { ...hiddenColumns, [category]: checked ? others : [...others, column] },
              });
            }}
          />
          {COLUMN_LABELS[column]}
        </label>
      ))}
      {offered.value.length > 0 && <hr />}
      {offered.value.map((column) => (
        <label key={column}>
          <input
            type="checkbox"
            checked={fields.includes(column)}
            disabled={!fields.includes(column) && fields.length >= MOST_FIELD_COLUMNS}
            onChange={({ currentTarget: { checked } }) => {
              const others = fields.filter((other) => other !== column);
              settings.change({
                fieldColumns: { ...fieldColumns, [category]: checked ? [...others, column] : others },
              });
            }}
          />
          <bdi>{cutText(visibleText(fieldLabel(column)), 40).text}</bdi>
        </label>
      ))}
    </Menu>
  );
}
