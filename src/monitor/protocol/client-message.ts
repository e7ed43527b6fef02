import { PROTOCOL_VERSION } from '../../wire/protocol-version.js';
import { FilterError } from '../../wire/filter/filter-error.js';
import { type FilterSpec } from '../../wire/filter/filter-spec.js';
import { parseFilter } from '../../wire/filter/parse-filter.js';
import { type ReplaySpec } from '../../wire/replay-spec.js';
import { isCursor } from '../../wire/cursor.js';
import { ClientError } from '../../wire/client-error.js';

/** Most records that one `history` answers with. */
export const HISTORY_LIMIT = 1_000;

/** Most records that `replay: { last }` may ask for; the history itself bounds it further. */
const REPLAY_LIMIT = 10_000_000;

/** Most characters of an `id`: it comes back in the answer. */
const ID_LENGTH = 128;

/** What a client can ask for, checked. */
export type ClientRequest =
  | { readonly event: 'hello' | 'pause' | 'resume' | 'ping' }
  | { readonly event: 'subscribe'; readonly filter: FilterSpec; readonly replay?: ReplaySpec }
  | { readonly event: 'history'; readonly from: number; readonly to?: number; readonly limit: number };

/** The outer form of a message: Nest's `{ event, data, id? }`. */
export interface ClientMessage {
  readonly event: string;
  readonly data: unknown;
  readonly id?: string | number;
}

/** @throws ClientError when it is no message at all */
export function parseMessage(text: string | undefined): ClientMessage {
  if (text === undefined) throw new ClientError('binary_message', 'Messages are JSON in text frames.');
  const value = parseJson(text);
  if (!isFields(value) || typeof value['event'] !== 'string') {
    throw new ClientError('invalid_message', 'A message is an object { "event": string, "data"?, "id"? }.');
  }
  const { event, data, id } = value;
  if (typeof id === 'string' && id.length > ID_LENGTH) {
    throw new ClientError('invalid_message', `An id has at most ${ID_LENGTH} characters.`, 'id');
  }
  return typeof id === 'string' || typeof id === 'number'
    ? { event: event as string, data, id }
    : { event: event as string, data };
}

/** @throws ClientError that names the mistake and where it is */
export function parseRequest({ event, data }: ClientMessage): ClientRequest {
  switch (event) {
    case 'pause':
    case 'resume':
    case 'ping':
      return { event };
    case 'hello':
      if (fields(data)['v'] === PROTOCOL_VERSION) return { event };
      throw new ClientError('unsupported_version', `The version must be ${PROTOCOL_VERSION}.`, 'data.v');
    case 'subscribe': {
      const { filter, replay } = fields(data);
      return {
        event,
        filter: parseFilterOf(filter ?? {}, 'data.filter'),
        ...(replay === undefined ? {} : { replay: parseReplay(replay, 'data.replay') }),
      };
    }
    case 'history':
      return { event, ...parseRange(fields(data)) };
    default:
      throw new ClientError('unknown_event', `There is no event '${event.slice(0, 64)}'.`, 'event');
  }
}

/** @throws ClientError with the path of the mistake */
export function parseFilterOf(value: unknown, path: string): FilterSpec {
  try {
    return parseFilter(value, path);
  } catch (error) {
    if (error instanceof FilterError) throw new ClientError('invalid_filter', error.message, error.path);
    throw error;
  }
}

/** @throws ClientError with the path of the mistake */
export function parseReplay(value: unknown, path: string): ReplaySpec {
  const { last, after } = fields(value);
  if (after === undefined && isInteger(last, 0, REPLAY_LIMIT)) return { last };
  // One that is of another start of the application is none of ours, but a cursor all the same.
  if (last === undefined && typeof after === 'string' && isCursor(after)) return { after };
  throw new ClientError(
    'invalid_replay',
    `${path} must be { "last": whole number from 0 to ${REPLAY_LIMIT} } or { "after": cursor as it was given out }.`,
    path,
  );
}

function parseRange({ from, to, limit = HISTORY_LIMIT }: Record<string, unknown>): {
  from: number;
  to?: number;
  limit: number;
} {
  if (!isInteger(from, 1, Number.MAX_SAFE_INTEGER)) throw invalidRange('from', 'a sequence number');
  if (!isInteger(limit, 1, HISTORY_LIMIT)) {
    throw invalidRange('limit', `a whole number from 1 to ${HISTORY_LIMIT}`);
  }
  if (to === undefined) return { from, limit };
  if (!isInteger(to, from, Number.MAX_SAFE_INTEGER))
    throw invalidRange('to', 'a sequence number that is not before `from`');
  return { from, to, limit };
}

function invalidRange(name: string, what: string): ClientError {
  return new ClientError('invalid_range', `data.${name} must be ${what}.`, `data.${name}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ClientError('invalid_json', 'The message is not JSON.');
  }
}

function fields(value: unknown): Record<string, unknown> {
  return isFields(value) ? value : {};
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isInteger(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max;
}
