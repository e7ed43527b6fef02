import { type JSX } from 'preact';
import { useEffect, useLayoutEffect } from 'preact/hooks';
import { connectionText } from '../model/connection.js';
import { shortCount } from '../model/format.js';
import { CATEGORIES } from '../model/row.js';
import { type Dashboard, RECORD_GONE } from '../state/dashboard.js';
import { DashboardContext, useDashboard } from './dashboard-context.js';
import { Header } from './header.js';
import { Help } from './help.js';
import { PanelView } from './panel-view.js';
import { handleShortcut } from './shortcuts.js';
import { Splitter } from './splitter.js';

export function App({ dashboard }: { readonly dashboard: Dashboard }): JSX.Element {
  const { settings, panels, active, announcer } = dashboard;
  const { theme, split } = settings.current.value;
  // Before the browser paints, or the page would flash in the other theme.
  useLayoutEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => handleShortcut(event, dashboard);
    const onHash = (): void => dashboard.readLink();
    document.addEventListener('keydown', onKey);
    window.addEventListener('hashchange', onHash);
    return () => {
      document.removeEventListener('keydown', onKey);
      window.removeEventListener('hashchange', onHash);
    };
  }, [dashboard]);
  return (
    <DashboardContext.Provider value={dashboard}>
      <Header />
      <LinkedNotice />
      <Tabs />
      <main
        class="panels"
        data-active={active.value}
        style={{ gridTemplateColumns: `minmax(0, ${split}fr) auto minmax(0, ${100 - split}fr)` }}
      >
        <PanelView panel={panels.system} />
        <Splitter />
        <PanelView panel={panels.audit} />
      </main>
      <Help />
      <p class="visually-hidden" role="status" aria-live="polite">
        {announcer.text.value}
      </p>
      <ConnectionAnnouncement />
    </DashboardContext.Provider>
  );
}

/** What became of the record that a link names, as long as there is something to say. */
function LinkedNotice(): JSX.Element | null {
  const { linked } = useDashboard();
  const { phase } = linked.value;
  if (phase === 'none') return null;
  return (
    <p class="linked" role="status">
      {phase === 'searching' ? 'Looking for the record of this link…' : RECORD_GONE}
      <button type="button" class="link" onClick={() => (linked.value = { phase: 'none' })}>
        {phase === 'searching' ? 'Stop' : 'Dismiss'}
      </button>
    </p>
  );
}

/** On a phone, in place of panels side by side. */
function Tabs(): JSX.Element {
  const { active, panels } = useDashboard();
  return (
    <nav class="tabs" aria-label="Panels">
      {CATEGORIES.map((category) => {
        const panel = panels[category];
        void panel.counted.value;
        return (
          <button
            key={category}
            id={`tab-${category}`}
            type="button"
            aria-pressed={active.value === category}
            onClick={() => (active.value = category)}
          >
            {panel.title} <span class="number">{shortCount(panel.store.records)}</span>
          </button>
        );
      })}
    </nav>
  );
}

/** Without the seconds that are counted down: each would be read out. */
function ConnectionAnnouncement(): JSX.Element {
  const connection = useDashboard().connection.value;
  const text =
    connection.phase === 'waiting' ? 'Connection lost, reconnecting' : connectionText(connection, 0);
  return (
    <p class="visually-hidden" role="status" aria-live="polite">
      {text}
    </p>
  );
}
