import { type RecordData } from './row.js';

/** What an audit record tells beside its message, where it does. */
export interface AuditFacts {
  readonly action: string;
  readonly outcome: string | undefined;
  readonly reason: string | undefined;
  readonly durationMs: number | undefined;
  readonly actor: string | undefined;
  readonly targets: readonly string[];
}

export function auditFacts(data: RecordData): AuditFacts {
  const { action, outcome, reason, duration_ms: duration, actor, targets } = data;
  return {
    action: textOr(action, ''),
    outcome: textOr(outcome, undefined),
    reason: textOr(reason, undefined),
    durationMs: typeof duration === 'number' ? duration : undefined,
    actor: partyName(actor),
    targets: (Array.isArray(targets) ? targets : []).flatMap((target) => partyName(target) ?? []),
  };
}

/** `user:42`, or the name where there is one: `user:ada`. */
function partyName(party: unknown): string | undefined {
  if (typeof party === 'string') return party;
  if (typeof party !== 'object' || party === null) return undefined;
  const { type, id, name } = party as Record<string, unknown>;
  const parts = [type, name ?? id].filter((part) => typeof part === 'string' || typeof part === 'number');
  return parts.length > 0 ? parts.join(':') : undefined;
}

function textOr<T>(value: unknown, otherwise: T): string | T {
  return typeof value === 'string' ? value : otherwise;
}
