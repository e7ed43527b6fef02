import { ArgumentError, integerArgument, textArgument } from './arguments.js';
import { argumentMustBe } from './mcp.messages.js';
import { FILTER_PROPERTIES, filterOf, type Tool } from './tool.js';

const LIMIT = { least: 1, most: 200, otherwise: 50 };
const SECONDS = { least: 1, most: 60, otherwise: 30 };
/** Lines of one story that are looked at. */
const STORY_LIMIT = { least: 1, most: 500, otherwise: 200 };

const CURSOR = { type: 'string', description: 'cursor of an answer before, to go on behind it' };

export const recentRecords: Tool = {
  name: 'recent_records',
  description:
    'The last records that the application still has and that match, oldest first; with a cursor those behind it.',
  properties: {
    ...FILTER_PROPERTIES,
    limit: { type: 'integer', description: 'most records, 1 to 200; 50 without it' },
    cursor: CURSOR,
  },
  run(args, { stream }, signal) {
    const limit = integerArgument(args, 'limit', LIMIT);
    const after = textArgument(args, 'cursor');
    const replay = after === undefined ? { last: limit } : { after };
    return stream.collect({ filter: filterOf(args), replay, limit, live: false, signal });
  },
};

export const waitForRecords: Tool = {
  name: 'wait_for_records',
  description:
    'Waits until records come that match, or the time is over; with a cursor, those behind it count as well.',
  properties: {
    ...FILTER_PROPERTIES,
    limit: { type: 'integer', description: 'how many to wait for, 1 to 200; 1 without it' },
    seconds: { type: 'integer', description: 'how long at most, 1 to 60; 30 without it' },
    cursor: CURSOR,
  },
  run(args, { stream }, signal) {
    const limit = integerArgument(args, 'limit', { ...LIMIT, otherwise: 1 });
    const seconds = integerArgument(args, 'seconds', SECONDS);
    const after = textArgument(args, 'cursor');
    const replay = after === undefined ? { last: 0 } : { after };
    const patience = AbortSignal.any([signal, AbortSignal.timeout(seconds * 1_000)]);
    return stream.collect({ filter: filterOf(args), replay, limit, live: true, signal: patience });
  },
};

export const requestStory: Tool = {
  name: 'request_story',
  description:
    'All records of one request or message that the application still has, system and audit, in order, each with its offset_ms from the first. The application needs the option story.',
  properties: {
    request_id: { type: 'string', description: 'as it stands in a record' },
    limit: { type: 'integer', description: 'the last so many, 1 to 500; 200 without it' },
  },
  required: ['request_id'],
  async run(args, { stream }, signal) {
    const id = textArgument(args, 'request_id');
    if (id === undefined) throw new ArgumentError(argumentMustBe('request_id', 'given'));
    const limit = integerArgument(args, 'limit', STORY_LIMIT);
    const filter = { where: { request_id: id } };
    const { records, ...rest } = await stream.collect({
      filter,
      replay: { last: limit },
      limit,
      live: false,
      signal,
    });
    const begin = timeOf(records[0]);
    return { records: records.map((record) => ({ offset_ms: timeOf(record) - begin, ...record })), ...rest };
  },
};

function timeOf(record: object | undefined): number {
  return record && 'timestamp' in record ? Date.parse(String(record.timestamp)) : 0;
}
