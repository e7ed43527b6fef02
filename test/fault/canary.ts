import { type Subscription } from 'rxjs';
import { setImmediate as turn } from 'node:timers/promises';
import { type MonitoredApp } from '../harness/monitored-app.js';

const PACE_MS = 10;

/** What is known of a record that the app produced. */
export interface Produced {
  /** The canary's own number; `undefined` for a record of somebody else. */
  readonly number: number | undefined;
  readonly audit: boolean;
  /** Whose it is: one of three is of the tenant `a`. */
  readonly tenant: unknown;
  /** When it was produced, by the clock that never jumps. */
  readonly at: number;
}

/** Publishes numbered records and remembers all that the app produced, so that every client can be held to it. */
export class Canary implements Disposable {
  /** By position, from 1 on. */
  private readonly records: (Produced | undefined)[] = [];
  private readonly positions: number[] = [];
  private readonly subscription: Subscription;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly app: MonitoredApp) {
    this.subscription = app.stream.records$.subscribe(({ seq, extra, category }) => {
      const { n, tenant } = extra;
      const number = typeof n === 'number' ? n : undefined;
      if (number !== undefined) this.positions[number] = seq;
      this.records[seq] = { number, audit: category === 'audit', tenant, at: performance.now() };
    });
  }

  /** Records that the canary published; their numbers are 0 up to this. */
  get count(): number {
    return this.positions.length;
  }

  /** Position that the app's next record will get. */
  get end(): number {
    return this.app.stream.history.end;
  }

  at(seq: number): Produced | undefined {
    return this.records[seq];
  }

  positionOf(number: number): number {
    return this.positions[number]!;
  }

  /** In one turn of the event loop. Every tenth is an audit record, unless it says otherwise. */
  publish(count: number, fields: object = {}): void {
    for (let i = 0; i < count; i++) {
      const n = this.count;
      const tenant = n % 3 === 0 ? 'a' : 'b';
      this.app.stream.publish({ message: `canary ${n}`, n, tenant, is_audit: n % 10 === 0, ...fields });
    }
  }

  /** Some each turn of the event loop. */
  async flood(count: number, fields: object = {}, perTurn = 20): Promise<void> {
    for (let left = count; left > 0; left -= perTurn) {
      this.publish(Math.min(left, perTurn), fields);
      await turn();
    }
  }

  /** From now on so many a second, those that are due every few milliseconds. */
  sing(perSecond: number): void {
    const start = performance.now();
    let sung = 0;
    this.timer = setInterval(() => {
      const due = Math.floor(((performance.now() - start) / 1_000) * perSecond);
      this.publish(due - sung);
      sung = due;
    }, PACE_MS);
  }

  hush(): void {
    clearInterval(this.timer);
  }

  [Symbol.dispose](): void {
    this.hush();
    this.subscription.unsubscribe();
  }
}
