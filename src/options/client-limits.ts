import { group, integer } from './option-checks.js';
import { type ResolvedLimits } from './resolved-options.js';

const KNOWN = [
  'clients',
  'clientsPerAddress',
  'messageBytes',
  'messages',
  'authorizeMs',
  'stallMs',
  'readings',
];

/** @throws TypeError with a sentence that says what to change */
export function clientLimits(value: unknown): ResolvedLimits {
  const {
    clients = 5_000,
    clientsPerAddress = 2_000,
    messageBytes = 65_536,
    messages = {},
    authorizeMs = 10_000,
    stallMs = 30_000,
    readings = {},
  } = group('limits', value, KNOWN);
  return Object.freeze({
    clients: integer('limits.clients', clients, 1, 1_000_000),
    clientsPerAddress: integer('limits.clientsPerAddress', clientsPerAddress, 1, 1_000_000),
    messageBytes: integer('limits.messageBytes', messageBytes, 1_024, 1_048_576),
    messages: rateLimit('limits.messages', messages, { count: 50, windowMs: 10_000 }),
    authorizeMs: integer('limits.authorizeMs', authorizeMs, 100, 600_000),
    stallMs: integer('limits.stallMs', stallMs, 1_000, 3_600_000),
    readings: rateLimit('limits.readings', readings, { count: 120, windowMs: 60_000 }),
  });
}

function rateLimit(
  option: string,
  value: unknown,
  byDefault: ResolvedLimits['messages'],
): ResolvedLimits['messages'] {
  const { count = byDefault.count, windowMs = byDefault.windowMs } = group(option, value, [
    'count',
    'windowMs',
  ]);
  return Object.freeze({
    count: integer(`${option}.count`, count, 1, 1_000_000),
    windowMs: integer(`${option}.windowMs`, windowMs, 100, 3_600_000),
  });
}
