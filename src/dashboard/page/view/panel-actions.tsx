import { type JSX } from 'preact';
import { COLUMN_LABELS, COLUMNS } from '../model/columns.js';
import { EXPORT_FORMATS, EXPORT_TYPES, type ExportFormat, exportRows } from '../model/export-rows.js';
import { type Category } from '../model/row.js';
import { type Dashboard } from '../state/dashboard.js';
import { type Panel } from '../state/panel.js';
import { useDashboard } from './dashboard-context.js';
import { download } from './download.js';
import { IconButton } from './icon-button.js';
import { Menu } from './menu.js';

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
      <ColumnsMenu category={category} title={panel.title} />
      <ExportMenu name={category} title={panel.title} rows={(format) => exportRows(panel.shown, format)} />
      <IconButton icon="clear" label="Clear" shortcut="c" onClick={() => panel.clear()} />
    </div>
  );
}

interface ExportMenuProps {
  /** First part of the name of the file. */
  readonly name: string;
  readonly title: string;
  readonly rows: (format: ExportFormat) => string;
}

/** Saves what the list has. */
export function ExportMenu({ name, title, rows }: ExportMenuProps): JSX.Element {
  const save = (format: ExportFormat): void => {
    const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
    download(`${name}-${stamp}.${format}`, EXPORT_TYPES[format], rows(format));
  };
  return (
    <Menu icon="download" label={`Export ${title}`}>
      {EXPORT_FORMATS.map((format) => (
        <button key={format} type="button" onClick={() => save(format)}>
          {format.toUpperCase()}
        </button>
      ))}
    </Menu>
  );
}

interface ColumnsMenuProps {
  readonly category: Category;
  readonly title: string;
}

export function ColumnsMenu({ category, title }: ColumnsMenuProps): JSX.Element {
  const { settings } = useDashboard();
  const { hiddenColumns } = settings.current.value;
  const hidden = hiddenColumns[category];
  return (
    <Menu icon="columns" label={`Columns of ${title}`}>
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
    </Menu>
  );
}
