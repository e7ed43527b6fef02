import { describe, expect, it } from 'vitest';
import {
  connect,
  type ConnectOptions,
  type LogStreamClient,
  type LogStreamItem,
} from '../../src/client/index.js';
import { bareApp } from '../harness/bare-app.js';
import { type MonitoredApp } from '../harness/monitored-app.js';
import { produce } from '../harness/produce.js';
import { CuttingProxy } from './harness/cutting-proxy.js';
import { inState, itemsOf, settled } from './harness/items.js';

const QUICK = { reconnect: { minMs: 1, maxMs: 5 } };

/** Several processes behind one port, as `node:cluster` leads connections to them in turn, and what a client saw. */
class Cluster implements AsyncDisposable {
  readonly items: LogStreamItem[];
  private readonly produced: number[];

  private constructor(
    private readonly workers: readonly MonitoredApp[],
    private readonly front: CuttingProxy,
    readonly client: LogStreamClient,
  ) {
    this.items = itemsOf(client);
    this.produced = workers.map(() => 0);
  }

  static async of(count: number, options: Parameters<typeof bareApp>[0] = {}): Promise<Cluster> {
    const workers = await Promise.all(Array.from({ length: count }, () => bareApp(options)));
    const front = await CuttingProxy.before(workers[0]!.port);
    const cluster = new Cluster(workers, front, connect(front.url, QUICK));
    await cluster.settle(0);
    return cluster;
  }

  async log(worker: number, count: number): Promise<void> {
    const from = (this.produced[worker]! += count) - count + 1;
    await produce(this.workers[worker]!, from, from + count);
  }

  /** Cuts the connection, and has the next one led to this worker. */
  async lead(worker: number): Promise<void> {
    this.front.lead(this.workers[worker]!.port);
    this.front.cut();
    await inState(this.client, 'waiting');
    await this.settle(worker);
  }

  async settle(worker: number, client = this.client): Promise<void> {
    await settled(client, this.workers[worker]!);
  }

  connect(options: ConnectOptions): LogStreamClient {
    return connect(this.front.url, options);
  }

  /** What the client has yielded, short: each record by its worker and its number. */
  get outline(): string {
    const names = new Map(this.workers.map(({ stream }, index) => [stream.cursors.epoch, 'ABC'[index]!]));
    const outlines = this.items.map((item) => {
      if ('seq' in item) return `${names.get(item.epoch)}${item.seq}`;
      if (item.type === 'gap') return `(gap ${names.get(item.epoch)}${item.from}-${item.to})`;
      return `(${item.reason}: ${names.get(item.previousEpoch!)})`;
    });
    return outlines.join(' ');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
    await this.front[Symbol.asyncDispose]();
    for (const worker of this.workers) await worker.close();
  }
}

describe('several processes behind one port', () => {
  it('give a client each record once, however often it is led from one to the other', async () => {
    await using cluster = await Cluster.of(2);
    await cluster.log(0, 2);
    await cluster.log(1, 1);
    await cluster.settle(0);
    await cluster.lead(1);
    await cluster.log(0, 1);
    await cluster.lead(0);
    await cluster.log(1, 2);
    await cluster.lead(1);
    await cluster.log(0, 1);
    await cluster.lead(0);
    expect(cluster.outline).toBe(
      // Known again, so it was no restart: said once.
      'A1 A2 (restarted: A) B1 (other_process: B) A3 B2 B3 A4',
    );
  });

  it('are each resumed where they were left, or with a gap of what they have no longer', async () => {
    await using cluster = await Cluster.of(3, { history: { records: 3 } });
    await cluster.log(0, 1);
    await cluster.settle(0);
    for (const worker of [1, 2, 0]) {
      await cluster.log(worker, 2);
      await cluster.lead(worker);
    }
    await cluster.log(1, 5);
    await cluster.lead(1);
    await cluster.lead(2);
    expect(cluster.outline).toBe(
      'A1 (restarted: A) B1 B2 (restarted: B) C1 C2 (other_process: C) A2 A3 (gap B3-4) B5 B6 B7',
    );
  });

  it('are told of where a client may go on from: who comes back with that gets what follows, once', async () => {
    await using cluster = await Cluster.of(2);
    await cluster.log(0, 3);
    await cluster.settle(0);
    await cluster.lead(1);
    await cluster.log(0, 1);
    await cluster.lead(0);
    const { cursor } = cluster.items.find((item) => 'reason' in item && item.reason === 'other_process')!;
    await using other = cluster.connect({ replay: { after: cursor } });
    const items = itemsOf(other);
    await cluster.settle(0, other);
    expect(items.map((item) => 'seq' in item && item.seq)).toEqual([4]);
  });
});
