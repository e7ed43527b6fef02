import { Logger } from '@nestjs/common';
import { type Authorize, type LogLevel } from 'nestjs-log-stream';
import { EventEmitter } from 'node:events';
import { type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Admission } from '../../../src/monitor/access/admission.js';
import { parseConnection } from '../../../src/monitor/protocol/connection-request.js';
import { MonitorCounters } from '../../../src/monitor/monitor-counters.js';
import { Gate } from '../../../src/monitor/access/gate.js';
import { resolveOptions } from '../../../src/options/resolve-options.js';

const FLOOD = 10_000;

/** A request of a peer of its own, with an error of its own in its token. */
function stranger(index: number): IncomingMessage {
  const address =
    index % 2
      ? `2001:db8:${index.toString(16)}::1`
      : `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
  const socket = Object.assign(new EventEmitter(), { remoteAddress: address, destroyed: false });
  const headers = {
    host: `host${index}.example`,
    'user-agent': `agent ${index}`,
    ...(index % 3 === 0 ? { origin: `https://evil${index}.example` } : {}),
  };
  return { headers, url: `/ws/monitor?token=${index}`, socket } as unknown as IncomingMessage;
}

/** Elements of all Maps and Sets that an object holds, also in the objects that it holds. */
function held(value: unknown, seen = new Set<unknown>()): number {
  if (typeof value !== 'object' || value === null || seen.has(value)) return 0;
  seen.add(value);
  const own = value instanceof Map || value instanceof Set ? value.size : 0;
  return Object.values(value).reduce<number>((sum, inner) => sum + held(inner, seen), own);
}

describe('a peer that has left before it was looked at', () => {
  afterEach(() => void vi.restoreAllMocks());

  it.each([
    ['whose socket is destroyed', { destroyed: true }],
    ['that was reset', { destroyed: false, remoteAddress: undefined, localAddress: '127.0.0.1' }],
  ])('%s is no stranger whose refusal is worth a line', async (_, fields) => {
    const lines = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const authorize = vi.fn(() => true);
    const admission = new Admission(resolveOptions({ logger: false, authorize }));
    const counters = new MonitorCounters();
    const gate = new Gate(admission, '/ws/monitor', counters, () => undefined);
    const request = { headers: {}, url: '/', socket: Object.assign(new EventEmitter(), fields) };
    const answer = vi.fn();
    await gate.verify(request as unknown as IncomingMessage, answer);
    expect(answer.mock.calls).toEqual([[false, 503]]);
    expect(authorize).not.toHaveBeenCalled();
    expect(lines).not.toHaveBeenCalled();
    expect(counters.refused).toBe(0);
  });
});

describe(`refusals of ${FLOOD} peers, each with another address, host, origin and token`, () => {
  afterEach(() => void vi.restoreAllMocks());

  it.each<[string, Authorize | undefined]>([
    ['not from this machine', undefined],
    ['whom authorize does not know', () => false],
    [
      'with tokens that make authorize throw',
      ({ url }) => {
        throw new Error(`cannot read ${url}`);
      },
    ],
    ['with tokens that make it answer nonsense', ({ url }) => ({ filter: { level: url as LogLevel } })],
  ])('%s keep nothing, and cost a log line of each kind', async (_, authorize) => {
    const lines = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const admission = new Admission(resolveOptions({ logger: false, authorize }));
    const counters = new MonitorCounters();
    const gate = new Gate(admission, '/ws/monitor', counters, ({ url }) => parseConnection(url!));
    const peers = Array.from({ length: FLOOD }, (_, index) => stranger(index));
    const answer = vi.fn();
    // Some at a time: more than the limit of clients would be refused for that.
    for (let from = 0; from < FLOOD; from += 1_000) {
      await Promise.all(
        peers.slice(from, from + 1_000).map((peer) => gate.verify(peer, (...it) => answer(...it))),
      );
    }
    expect(answer).toHaveBeenCalledTimes(FLOOD);
    expect(answer.mock.calls.filter(([admitted]) => admitted)).toEqual([]);
    expect(counters.refused).toBe(FLOOD);
    expect(lines).toHaveBeenCalledTimes(2);
    // The two kinds of refusal that are remembered for the log.
    expect(held(gate)).toBeLessThanOrEqual(2);
    for (const { socket } of peers) expect(socket.listenerCount('close')).toBeLessThanOrEqual(1);
  });
});
