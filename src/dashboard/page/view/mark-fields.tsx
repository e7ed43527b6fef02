import { type JSX } from 'preact';
import { MOST_MARKS } from '../model/marks.js';
import { cutText, visibleText } from '../model/visible-text.js';
import { type Panel } from '../state/panel.js';
import { Icon } from './icon.js';
import { Menu } from './menu.js';

/** Terms that stand out, each in a colour of its own, without hiding anything. */
export function MarkFields({ panel }: { readonly panel: Panel }): JSX.Element {
  const { marks } = panel.filter.value;
  return (
    <>
      <Menu icon="marker" label={`Highlight in ${panel.title}`}>
        {Array.from({ length: MOST_MARKS }, (_, index) => (
          <input
            key={index}
            type="search"
            class={`mark-field mark-${index + 1}`}
            aria-label={`Highlighted term ${index + 1}`}
            placeholder={`Term ${index + 1}`}
            autocomplete="off"
            spellcheck={false}
            maxLength={200}
            value={marks[index] ?? ''}
            onInput={(event) => panel.highlight(index, event.currentTarget.value)}
          />
        ))}
      </Menu>
      {marks.map(
        (term, index) =>
          term.trim() !== '' && (
            <button
              key={index}
              type="button"
              class={`chip mark-${index + 1}`}
              aria-label={`Highlight ${visibleText(term)} no longer`}
              title={`Highlight ${visibleText(term)} no longer`}
              onClick={() => panel.highlight(index, '')}
            >
              <bdi>{cutText(visibleText(term), 24).text}</bdi>
              <Icon name="close" />
            </button>
          ),
      )}
    </>
  );
}
