import { type JSX } from 'preact';
import { NO_FILTER, withoutField } from '../model/panel-filter.js';
import { cutText, visibleText } from '../model/visible-text.js';
import { type Panel } from '../state/panel.js';
import { Icon } from './icon.js';
import { MarkFields } from './mark-fields.js';

type TextFilter = 'search' | 'logger' | 'action';

/** The texts that somebody filters by, and the values, each of which can be taken away. */
export function FilterFields({ panel }: { readonly panel: Panel }): JSX.Element {
  const filter = panel.filter.value;
  const input = (name: TextFilter, label: string, placeholder: string): JSX.Element => (
    <input
      type="search"
      class={`filter-${name}`}
      aria-label={`${label} in ${panel.title}`}
      placeholder={placeholder}
      autocomplete="off"
      spellcheck={false}
      value={filter[name]}
      onInput={(event) => panel.setFilter({ ...panel.filter.value, [name]: event.currentTarget.value })}
    />
  );
  return (
    <div class="filters" role="search" aria-label={`Filter ${panel.title}`}>
      {input('search', 'Search', 'Search, or /expression/')}
      {input('logger', 'Filter by logger', 'Logger')}
      {panel.category === 'audit' && input('action', 'Filter by action', 'Action')}
      <MarkFields panel={panel} />
      {filter.fields.map((field) => {
        const { path, value, exclude } = field;
        const text = `${path.join('.')} ${exclude ? '≠' : '='} ${JSON.stringify(value)}`;
        return (
          <button
            key={JSON.stringify(field)}
            type="button"
            class="chip"
            title={`Remove the filter ${visibleText(text)}`}
            aria-label={`Remove the filter ${visibleText(text)}`}
            onClick={() => panel.setFilter(withoutField(panel.filter.value, field))}
          >
            <bdi>{cutText(visibleText(text), 40).text}</bdi>
            <Icon name="close" />
          </button>
        );
      })}
      {(panel.filtering || filter.marks.length > 0) && (
        <button type="button" class="link" onClick={() => panel.setFilter(NO_FILTER)}>
          Reset
        </button>
      )}
    </div>
  );
}
