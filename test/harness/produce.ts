import { type LogRecord } from 'nestjs-log-stream';
import { eventually, turns } from './event-loop.js';
import { type MonitoredApp } from './monitored-app.js';

/** Publishes records that are told apart by `n`, in bursts, a turn of the event loop apart. */
export async function produce(app: MonitoredApp, from: number, to: number, burst = 7): Promise<void> {
  for (let n = from; n < to; n++) {
    app.stream.publish(numbered(n));
    if (n % burst === burst - 1) await turns(1);
  }
}

/** Every fifth is an audit record, every seventh an error. */
export function numbered(n: number): { message: string; [field: string]: unknown } {
  return {
    message: String(n),
    level: n % 7 === 0 ? 'ERROR' : 'INFO',
    kind: n % 3,
    ...(n % 5 === 0 ? { is_audit: true, action: 'count' } : {}),
  };
}

/** Everything that the app produces from now on. */
export function recordsOf(app: MonitoredApp): LogRecord[] {
  const records: LogRecord[] = [];
  app.stream.records$.subscribe((record) => void records.push(record));
  return records;
}

/** Waits until every client has been written everything. */
export async function handedOut(app: MonitoredApp): Promise<void> {
  await eventually(() => app.gateway.fanOut.lag === 0);
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}
