import { type JSX } from 'preact';
import { count, shortCount } from '../model/format.js';
import { LOG_LEVELS } from '../../../wire/level.js';
import { LEVEL_LABELS } from '../model/level.js';
import { toggleLevel } from '../model/panel-filter.js';
import { type Panel } from '../state/panel.js';

/** One button a level, with how many of its records there are, shown or not. */
export function LevelToggles({ panel }: { readonly panel: Panel }): JSX.Element {
  // Read, so that the counts follow.
  void panel.counted.value;
  const filter = panel.filter.value;
  return (
    <div class="levels" role="group" aria-label="Levels">
      {LOG_LEVELS.map((level, index) => {
        const held = panel.store.counts[level];
        return (
          <button
            key={level}
            type="button"
            class="level-toggle"
            data-level={level}
            aria-pressed={!filter.hidden.includes(level)}
            aria-keyshortcuts={String(index + 1)}
            title={`${level}: ${count(held)} (${index + 1})`}
            onClick={() => panel.setFilter(toggleLevel(filter, level))}
          >
            <span>{LEVEL_LABELS[level]}</span> <span class="number">{shortCount(held)}</span>
          </button>
        );
      })}
    </div>
  );
}
