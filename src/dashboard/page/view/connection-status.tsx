import { useSignal } from '@preact/signals';
import { type JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { connectionReason, connectionText } from '../model/connection.js';
import { useDashboard } from './dashboard-context.js';

/** What the connection does, always; while there is none, also why and how long still. */
export function ConnectionStatus(): JSX.Element {
  const dashboard = useDashboard();
  const connection = dashboard.connection.value;
  const now = useSignal(Date.now());
  const waiting = connection.phase === 'waiting';
  useEffect(() => {
    if (!waiting) return undefined;
    now.value = Date.now();
    const timer = setInterval(() => (now.value = Date.now()), 250);
    return () => clearInterval(timer);
  }, [waiting, now]);
  const reason = connectionReason(connection);
  const over = connection.phase === 'closed';
  return (
    <div class="connection" data-phase={connection.phase}>
      <span class="connection-state">{connectionText(connection, now.value)}</span>
      {reason && (
        <span class="connection-reason" title={reason}>
          {reason}
        </span>
      )}
      {(waiting || over) && (
        <button type="button" class="link" onClick={() => dashboard.control.reconnect()}>
          {over && connection.signIn ? 'Sign in' : over ? 'Connect' : 'Now'}
        </button>
      )}
    </div>
  );
}
