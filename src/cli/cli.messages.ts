import { type GapItem, type LostItem } from '../client/index.js';

export const badUrl = (url: string): string =>
  `'${url}' is no address of a monitor. Give one like localhost:3000, ws://localhost:3000/ws/monitor or wss://example.org/logs.`;

export const notANumber = (least: number): string => `It must be a whole number from ${least}.`;

export const BAD_LEVEL =
  "It must be one of debug, info, warning, error, critical, or one of Nest's verbose, log, warn, fatal.";

export const BAD_SINCE =
  'It must be a duration like 90s, 15m, 2h or 1d, or a time like 2025-10-08T18:30 (local) or 2025-10-08T18:30Z.';

export const BAD_WHERE = 'It must be name=value, as in metadata.role=admin.';

export const SEVERAL_NOTS =
  'error: use only one of --not-logger, --not-action, --not-search and --not-where at a time: the server negates ' +
  'several together as one. The same one may be given several times, but for --not-search.';

export const REPLAY_AND_SINCE =
  'error: --since, --after and --replay each say where to begin: use one of them.';

export const TOKEN_HINT = 'Give a token by LOG_STREAM_TOKEN or --token.';

export const failure = (message: string): string => `nestjs-log-stream: ${message}`;

export const connected = (url: string, instance: string): string => `connected to ${url} (${instance})`;
export const connectedAgain = (instance: string): string => `connected again (${instance})`;

export const waiting = (reason: string, ms: number): string =>
  `${reason} Trying again in ${(ms / 1_000).toFixed(1)} s.`;

export const skipped = ({ count, from, to, reason }: GapItem): string =>
  `${count === 1 ? '1 record' : `${count} records`} skipped: ${REASONS[reason] ?? reason} (${from} to ${to})`;

const REASONS: Readonly<Record<GapItem['reason'], string>> = {
  slow_consumer: 'read too slowly',
  evicted: 'no longer in the history',
  rate_limit: 'over the rate limit',
  broker: 'lost by the broker',
};

export const lost = ({ reason }: LostItem): string => LOSSES[reason];

const LOSSES: Readonly<Record<LostItem['reason'], string>> = {
  restarted: 'the application has restarted: what it logged last may be missing',
  not_recovered:
    'records are missing, nobody knows how many: the server does not know the cursor, or keeps no history',
  other_process:
    'several processes answer at this address: only the records of one come at a time, those of the others are missing meanwhile',
};

export const outOfReach = (oldest: number): string =>
  `the history begins with record ${oldest}: what was logged before cannot be reached`;

export const more = (characters: number): string => `… ${characters} more characters, --full shows them`;
