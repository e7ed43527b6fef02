import { type JSX } from 'preact';
import { THEMES, type Theme } from '../model/settings.js';
import { AlertList } from './alert-list.js';
import { ConnectionStatus } from './connection-status.js';
import { useDashboard } from './dashboard-context.js';
import { IconButton } from './icon-button.js';
import { RateChart } from './rate-chart.js';
import { Visible } from './visible.js';

const THEME_LABELS: Readonly<Record<Theme, string>> = {
  auto: 'Theme: as the system',
  light: 'Theme: light',
  dark: 'Theme: dark',
};

export function nextTheme(theme: Theme): Theme {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]!;
}

export function Header(): JSX.Element {
  const dashboard = useDashboard();
  const { settings, instance } = dashboard;
  const { zone, wrap, theme } = settings.current.value;
  const copyLink = async (): Promise<void> => {
    await navigator.clipboard.writeText(dashboard.link);
    dashboard.announcer.say('Link copied');
  };
  return (
    <header class="bar">
      <h1>
        <span class="brand">Log stream</span>
        {instance.value && (
          <span class="instance" title={instance.value}>
            <Visible text={instance.value} />
          </span>
        )}
      </h1>
      <ConnectionStatus />
      <RateChart />
      <AlertList />
      <div class="tools" role="toolbar" aria-label="View">
        <button
          type="button"
          class="text-button"
          title="Times local or UTC (u)"
          aria-keyshortcuts="u"
          onClick={() => settings.change({ zone: zone === 'utc' ? 'local' : 'utc' })}
        >
          <span class="visually-hidden">Times: </span>
          {zone === 'utc' ? 'UTC' : 'Local'}
        </button>
        <IconButton
          icon="wrap"
          label="Wrap lines"
          shortcut="w"
          pressed={wrap}
          onClick={() => settings.change({ wrap: !wrap })}
        />
        <IconButton icon="link" label="Copy link to this view" onClick={() => void copyLink()} />
        <IconButton
          icon="theme"
          label={THEME_LABELS[theme]}
          shortcut="t"
          onClick={() => settings.change({ theme: nextTheme(theme) })}
        />
        <IconButton
          icon="help"
          label="Keyboard shortcuts"
          shortcut="?"
          onClick={() => (dashboard.helpOpen.value = true)}
        />
      </div>
    </header>
  );
}
