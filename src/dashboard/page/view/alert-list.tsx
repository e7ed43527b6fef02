import { type JSX } from 'preact';
import { type AlertData } from '../../../wire/alert.js';
import { clockTime, count, fullTime } from '../model/format.js';
import { LEVEL_LABELS } from '../model/level.js';
import { useDashboard } from './dashboard-context.js';
import { Dropdown } from './dropdown.js';
import { Icon } from './icon.js';
import { Visible } from './visible.js';

/** A bell, as soon as an alert of the application has fired; below it the last that did. */
export function AlertList(): JSX.Element | null {
  const { bell } = useDashboard();
  const firings = bell.firings.value;
  if (firings.length === 0) return null;
  const unseen = bell.unseen.value;
  const label = unseen > 0 ? `Alerts: ${unseen} new` : 'Alerts';
  const summary = (
    <summary class="icon-button bell" aria-label={label} title={label} onClick={() => bell.look()}>
      <Icon name="bell" />
      {unseen > 0 && <span class="bell-count">{unseen}</span>}
    </summary>
  );
  return (
    <Dropdown class="alerts" summary={summary}>
      <ol class="alert-list" aria-label="Alerts that have fired, newest first">
        {firings.map((firing) => (
          <li key={`${firing.epoch}.${firing.id}`}>
            <AlertItem firing={firing} />
          </li>
        ))}
      </ol>
    </Dropdown>
  );
}

function AlertItem({ firing }: { readonly firing: AlertData }): JSX.Element {
  const dashboard = useDashboard();
  const { zone } = dashboard.settings.current.value;
  const { epoch, name, time, matches, record } = firing;
  const at = Date.parse(time);
  const show = (event: Event): void => {
    (event.currentTarget as Element).closest('details')!.open = false;
    dashboard.seek({ epoch, seq: record.seq });
  };
  return (
    <button type="button" class="alert-item" title="Show the record" onClick={show}>
      <span class="alert-head">
        <b>
          <Visible text={name} />
        </b>
        {matches > 1 && <span class="alert-matches">{count(matches)} records</span>}
        <time dateTime={time} title={fullTime(at, zone)}>
          {clockTime(at, zone).slice(0, 8)}
        </time>
      </span>
      <span class="alert-record">
        <span class="level" data-level={record.level}>
          {LEVEL_LABELS[record.level]}
        </span>{' '}
        <Visible text={`${record.logger} ${record.message}`} />
      </span>
    </button>
  );
}
