import { FILTER_PARAMETERS, type FilterSpec } from '../../wire/filter/filter-spec.js';
import { type ReplaySpec } from '../../wire/replay-spec.js';
import { ClientError } from '../../wire/client-error.js';
import { parseFilterOf, parseReplay } from './client-message.js';
import { PROTOCOL_VERSION } from '../../wire/protocol-version.js';

/** What the URL of a connection asks for. */
export interface ConnectionRequest {
  readonly extended: boolean;
  readonly filter: FilterSpec;
  readonly replay?: ReplaySpec;
}

const WHERE_PREFIX = 'where.';

/** `not.level=DEBUG`: what must not hold. */
const NOT_PREFIX = 'not.';

/**
 * Reads `?v=1&category=audit&level=WARNING&logger=audit.*&where.instance_id=abc&replay=100`. Parameters that are
 * not ours (a token, a cache buster) are left to others.
 *
 * @throws ClientError that names the parameter
 */
export function parseConnection(url: string): ConnectionRequest {
  const query = new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?')) : '');
  const version = query.get('v');
  if (version !== null && version !== String(PROTOCOL_VERSION)) {
    throw new ClientError('unsupported_version', `v must be ${PROTOCOL_VERSION}.`, 'v');
  }
  const replay = query.get('replay');
  const after = query.get('after');
  return {
    extended: version !== null,
    filter: parseFilterOf(filterOf(query), 'filter'),
    ...(replay === null && after === null
      ? {}
      : {
          replay: parseReplay(
            after === null ? { last: numberOf(replay) } : { after },
            after === null ? 'replay' : 'after',
          ),
        }),
  };
}

function filterOf(query: URLSearchParams): Record<string, unknown> {
  const filter = conditionsOf(query, '');
  const not = conditionsOf(query, NOT_PREFIX);
  // Without a condition that is known, `not` would let nothing pass.
  return Object.keys(not).length > 0 ? { ...filter, not } : filter;
}

function conditionsOf(query: URLSearchParams, prefix: string): Record<string, unknown> {
  const conditions: Record<string, unknown> = {};
  for (const [name, form] of Object.entries(FILTER_PARAMETERS)) {
    if (form === 'prefix' || !query.has(prefix + name)) continue;
    // A list, or the name repeated.
    conditions[name] =
      form === 'list'
        ? query.getAll(prefix + name).flatMap((value) => value.split(','))
        : query.get(prefix + name);
  }
  const fields = prefix + WHERE_PREFIX;
  const where = [...query].filter(([name]) => name.startsWith(fields));
  if (where.length > 0) {
    conditions['where'] = Object.fromEntries(
      where.map(([name, value]) => [name.slice(fields.length), value]),
    );
  }
  return conditions;
}

function numberOf(text: string | null): number {
  return text !== null && /^\d+$/.test(text) ? Number(text) : Number.NaN;
}
