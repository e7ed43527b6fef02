import { type JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { count } from '../model/format.js';
import { type TrailStatusAnswer } from '../../../wire/trail-answers.js';
import { signedText, trailWarning } from '../model/trail-status.js';
import { type TrailHealth } from '../state/trail-health.js';
import { useDashboard } from './dashboard-context.js';
import { Dropdown } from './dropdown.js';
import { Icon } from './icon.js';
import { VerifyResult } from './verify-result.js';

/** The stream tells of checkpoints at once, but of a disk that is full nobody does. */
const REFRESH_MS = 30_000;

/** How far the trail is signed, or what is wrong with it; below it, all that is known of it. */
export function TrailBadge({ health }: { readonly health: TrailHealth }): JSX.Element | null {
  const { settings, connection } = useDashboard();
  const live = connection.value.phase === 'live';
  useEffect(() => {
    if (!live) return undefined;
    void health.refresh();
    const timer = setInterval(
      () => document.visibilityState === 'visible' && void health.refresh(),
      REFRESH_MS,
    );
    return () => clearInterval(timer);
  }, [health, live]);
  const status = health.status.value;
  if (!status) return null;
  const warning = trailWarning(status);
  const [words, through, when] = signedText(status, settings.current.value.zone);
  const signed = `${words}${through}${when}`;
  const text = warning ?? `Trail ${signed}`;
  const summary = (
    <summary
      class="trail-badge"
      data-state={warning === undefined ? 'ok' : 'warning'}
      aria-label={text}
      title={text}
    >
      <Icon name={warning === undefined ? 'seal' : 'alert'} />
      <span class="trail-badge-text">
        {warning === undefined ? (
          <>
            <span class="trail-badge-words">{words}</span>
            {through}
            <span class="trail-badge-time">{when}</span>
          </>
        ) : (
          warning.replace(/\.$/, '')
        )}
      </span>
    </summary>
  );
  return (
    <Dropdown class="trail-state" summary={summary}>
      <TrailFacts health={health} status={status} warning={warning} signed={signed} />
    </Dropdown>
  );
}

interface TrailFactsProps {
  readonly health: TrailHealth;
  readonly status: TrailStatusAnswer;
  readonly warning: string | undefined;
  readonly signed: string;
}

function TrailFacts({ health, status, warning, signed }: TrailFactsProps): JSX.Element {
  const { announcer } = useDashboard();
  const { phase } = health.verification.value;
  const { offered = true } = health.verification.value as { offered?: boolean };
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(status.verifier);
    announcer.say('Verifier key copied');
  };
  return (
    <div class="trail-facts" role="group" aria-label="The audit trail">
      {warning !== undefined && <p class="trail-warning">{warning}</p>}
      <p>
        {count(status.last)} entries, {signed}.
      </p>
      <p class="trail-key">
        <span class="trail-key-text">{status.verifier}</span>
        <button
          type="button"
          class="link"
          title="What an auditor verifies the trail with"
          onClick={() => void copy()}
        >
          Copy key
        </button>
      </p>
      <VerifyResult state={health.verification.value} />
      {offered && (
        <button
          type="button"
          class="button"
          disabled={phase === 'running'}
          onClick={() => void health.verify()}
        >
          {phase === 'running' ? 'Verifying…' : phase === 'done' ? 'Verify again' : 'Verify'}
        </button>
      )}
    </div>
  );
}
