import { type MonitoredApp } from '../harness/monitored-app.js';
import { type Verdict } from './account.js';
import { type Canary } from './canary.js';
import { CanaryClient } from './canary-client.js';
import { type Species } from './species.js';

/** Connects at a time: the kernel's queue of new connections is short, and a full one would look like a fault. */
const AT_ONCE = 50;

/**
 * In turn: stalling takes every second one of them. All the records over every transport, the audit records only,
 * the frozen plain format, and somebody who is held to a filter.
 */
const MIX: readonly Species[] = [
  'extended',
  'event stream',
  'plain',
  'extended',
  'tenant',
  'tenant event stream',
  'event stream',
  'extended',
  'ndjson',
  'audit only',
];

/** Connects many clients of all kinds. */
export async function herd(app: MonitoredApp, canary: Canary, size: number): Promise<CanaryClient[]> {
  return batched(size, (index) => CanaryClient.connect(app, canary, MIX[index % MIX.length]!));
}

export async function settled(clients: readonly CanaryClient[]): Promise<Verdict[]> {
  return batched(clients.length, (index) => clients[index]!.settle());
}

/** Does something many times, some at once. */
export async function batched<T>(size: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let from = 0; from < size; from += AT_ONCE) {
    const length = Math.min(AT_ONCE, size - from);
    results.push(...(await Promise.all(Array.from({ length }, (_, index) => work(from + index)))));
  }
  return results;
}
