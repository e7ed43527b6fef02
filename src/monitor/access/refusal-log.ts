import { Logger } from '@nestjs/common';
import { type Refusal, type RefusalKind } from './admission.js';
import { watchRefused } from '../monitor.messages.js';

/** Refusals of one kind cost a log line at most this often, in milliseconds: refusals are what attackers make. */
const INTERVAL_MS = 60_000;

/** Tells the operator why somebody was refused, without letting strangers fill the log. */
export class RefusalLog {
  private readonly logger = new Logger('MonitorGateway');
  private readonly lines = new Map<RefusalKind, { readonly at: number; unreported: number }>();

  constructor(private readonly path: string) {}

  note({ kind, reason }: Pick<Refusal, 'kind' | 'reason'>): void {
    const now = performance.now();
    const last = this.lines.get(kind);
    if (last && now - last.at < INTERVAL_MS) {
      last.unreported += 1;
      return;
    }
    this.lines.set(kind, { at: now, unreported: 0 });
    try {
      this.logger.warn(watchRefused(this.path, reason, last?.unreported ?? 0));
    } catch {
      // Where the app's logger is not ours, nobody else guards it; a stranger must not be able to set it off.
    }
  }
}
