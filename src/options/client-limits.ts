import { group, integer } from './option-checks.js';
import { type ResolvedLimits } from './resolved-options.js';

const KNOWN = ['clients', 'clientsPerAddress', 'messageBytes', 'messages', 'authorizeMs', 'stallMs'];

/** @throws TypeError with a sentence that says what to change */
export function clientLimits(value: unknown): ResolvedLimits {
  const {
    clients = 5_000,
    clientsPerAddress = 2_000,
    messageBytes = 65_536,
    messages = {},
    authorizeMs = 10_000,
    stallMs = 30_000,
  } = group('limits', value, KNOWN);
  return Object.freeze({
    clients: integer('limits.clients', clients, 1, 1_000_000),
    clientsPerAddress: integer('limits.clientsPerAddress', clientsPerAddress, 1, 1_000_000),
    messageBytes: integer('limits.messageBytes', messageBytes, 1_024, 1_048_576),
    messages: messageLimit(messages),
    authorizeMs: integer('limits.authorizeMs', authorizeMs, 100, 600_000),
    stallMs: integer('limits.stallMs', stallMs, 1_000, 3_600_000),
  });
}

function messageLimit(value: unknown): ResolvedLimits['messages'] {
  const { count = 50, windowMs = 10_000 } = group('limits.messages', value, ['count', 'windowMs']);
  return Object.freeze({
    count: integer('limits.messages.count', count, 1, 1_000_000),
    windowMs: integer('limits.messages.windowMs', windowMs, 100, 3_600_000),
  });
}
