import { type FilterSpec, type LogRecord } from 'nestjs-log-stream';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import {
  type GapItem,
  type LogStreamClient,
  type LogStreamItem,
  type WebSocketConstructor,
} from '../../../src/client/index.js';
import { compileFilter } from '../../../src/wire/filter/compile-filter.js';
import { type MonitoredApp } from '../../harness/monitored-app.js';
import { handedOut } from '../../harness/produce.js';

/** The WebSockets that this Node offers: its own, where it has one, and that of `ws`. */
export const WEB_SOCKETS: readonly { readonly name: string; readonly WebSocket: WebSocketConstructor }[] = [
  { name: 'ws', WebSocket },
  ...('WebSocket' in globalThis
    ? [{ name: 'global', WebSocket: globalThis.WebSocket as WebSocketConstructor }]
    : []),
];

/** Everything that a client yields, as a subscriber gets it. */
export function itemsOf(client: LogStreamClient): LogStreamItem[] {
  const items: LogStreamItem[] = [];
  client.subscribe((item) => items.push(item));
  return items;
}

export function seqs(items: readonly LogStreamItem[]): number[] {
  return items.flatMap((item) => ('seq' in item ? [item.seq] : []));
}

export function gaps(items: readonly LogStreamItem[]): GapItem[] {
  return items.filter((item) => item.type === 'gap');
}

/** Waits until a client is in this state, or has passed through it: a wait may be shorter than a turn of a busy loop. */
export function inState(client: LogStreamClient, name: LogStreamClient['state']['name']): Promise<void> {
  return new Promise((resolve) => {
    if (client.state.name === name) return resolve();
    const off = client.on('state', (state) => {
      if (state.name !== name) return;
      off();
      resolve();
    });
  });
}

/** Waits until a client has got everything that was produced, however often its connection still breaks. */
export async function settled(client: LogStreamClient, app: MonitoredApp): Promise<void> {
  await inState(client, 'live');
  await handedOut(app);
  // What was sent before the answer has come before it.
  const answered = await client.ping().then(
    () => client.state.name === 'live',
    () => false,
  );
  if (!answered) await settled(client, app);
}

/**
 * Holds what a client yielded against what was produced: each record that passes the filter came, or is in a gap;
 * in order, none twice.
 */
export function account(
  items: readonly LogStreamItem[],
  produced: readonly LogRecord[],
  { filter = {}, from, to }: { filter?: FilterSpec; from: number; to: number },
): { delivered: number; missed: number } {
  const passes = compileFilter(filter) ?? (() => true);
  let position = from;
  let missed = 0;
  for (const item of items) {
    if (item.type === 'lost') throw new Error('nothing may be lost here');
    const next = item.type === 'gap' ? item.from : item.seq;
    expect(skipped(produced, position, next, passes)).toEqual([]);
    expect(next).toBeGreaterThanOrEqual(position);
    if (item.type === 'gap') {
      expect(item.count).toBe(item.to - item.from + 1);
      missed += item.count;
    } else {
      expect(passes(produced[item.seq - 1]!)).toBe(true);
      expect(item.data.message).toBe(produced[item.seq - 1]!.message);
    }
    position = (item.type === 'gap' ? item.to : item.seq) + 1;
  }
  expect(skipped(produced, position, to, passes)).toEqual([]);
  return { delivered: seqs(items).length, missed };
}

/** Records between two positions that should have come. */
function skipped(
  produced: readonly LogRecord[],
  from: number,
  to: number,
  passes: (record: LogRecord) => boolean,
): number[] {
  return produced
    .slice(from - 1, to - 1)
    .filter(passes)
    .map(({ seq }) => seq);
}
