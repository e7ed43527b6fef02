import { type PlainObject } from '../../wire/plain-value.js';
import { type Hold } from './hold.js';
import { type TrailEntry } from './trail-entry.js';

/** @param payloads of all entries that place or release a hold, in their order */
export function holdsInForce(payloads: Iterable<string>): Hold[] {
  const holds = new Map<string, Hold>();
  for (const payload of payloads) {
    const { seq, kind, data } = JSON.parse(payload) as TrailEntry;
    if (kind === 'hold') holds.set(String(data.hold), holdOf(seq, data));
    else holds.delete(String(data.hold));
  }
  return [...holds.values()];
}

function holdOf(seq: number, { hold, reason, scope, timestamp }: PlainObject): Hold {
  const { from, to, action } = scope as PlainObject;
  return {
    id: String(hold),
    seq,
    since: String(timestamp),
    reason: String(reason),
    ...(typeof from === 'string' && { from }),
    ...(typeof to === 'string' && { to }),
    ...(typeof action === 'string' && { action }),
  };
}
