import { type AuditEvent } from '../audit-event.js';
import { crashed } from '../audit.messages.js';

/**
 * An intent as a durable sink has kept it: the fields of the event that `AuditSink.intend()` was given, those of its
 * `fields` beside the others.
 *
 * @publicApi
 */
export interface AuditIntent {
  readonly id: string;
  /** Logger name, `audit.<name>`. */
  readonly logger: string;
  readonly action: string;
  readonly metadata?: unknown;
  /** When the intent was stored, ISO 8601. */
  readonly timestamp?: unknown;
  readonly [field: string]: unknown;
}

/** What the record says for itself. */
const OWN_FIELDS = new Set([
  'id',
  'logger',
  'action',
  'metadata',
  'timestamp',
  'level',
  'message',
  'origin',
  'truncated',
]);

/** Builds the outcome of a call of which nothing but its intent is left: the process ended before it could say more. */
export function eventOfIntent(id: string, intent: AuditIntent): AuditEvent {
  const { action, logger, metadata, timestamp } = intent;
  const others = Object.entries(intent).filter(
    ([name, value]) => !OWN_FIELDS.has(name) && value !== undefined,
  );
  return {
    id,
    origin: 'decorator',
    level: 'warn',
    logger,
    message: crashed(action),
    action,
    metadata: typeof metadata === 'object' && metadata !== null ? { ...metadata } : {},
    fields: {
      intent: intent.id,
      ...(timestamp !== undefined && { intended_at: timestamp }),
      outcome: 'unknown',
      reason: 'crashed',
      ...Object.fromEntries(others),
    },
  };
}
