import { Logger } from '@nestjs/common';
import { watchRefused } from './monitor.messages.js';

/** A refused client costs a log line at most this often, in milliseconds: refusals are what attackers make. */
const INTERVAL_MS = 60_000;

/** Tells the operator why somebody was refused, without letting strangers fill the log. */
export class RefusalLog {
  private readonly logger = new Logger('MonitorGateway');
  private readonly lastAt = new Map<string, number>();
  private unreported = 0;

  constructor(private readonly path: string) {}

  note(reason: string): void {
    // One slot per kind of reason: the texts of a thrown error may differ each time.
    const kind = reason.slice(0, 40);
    const now = performance.now();
    if (now - (this.lastAt.get(kind) ?? -Infinity) < INTERVAL_MS) {
      this.unreported += 1;
      return;
    }
    this.lastAt.set(kind, now);
    this.logger.warn(watchRefused(this.path, reason, this.unreported));
    this.unreported = 0;
  }
}
