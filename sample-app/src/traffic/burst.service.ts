import { Injectable, Logger } from '@nestjs/common';
import { AuditLogger, InjectAuditLogger } from 'nestjs-log-stream';
import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Records of one turn of the event loop: in between, others get a word in. */
const SLICE = 500;

export interface Burst {
  readonly id: string;
  readonly count: number;
  readonly duration_ms: number;
}

/** A queue that was cut off, and hands out all that it holds at once when it is back. */
@Injectable()
export class BurstService {
  private readonly logger = new Logger('app.queue');

  constructor(@InjectAuditLogger('queue') private readonly audit: AuditLogger) {}

  /** Logs `count` records, numbered by `n` from 1, as fast as it can. */
  async run(count: number): Promise<Burst> {
    const id = randomUUID().slice(0, 8);
    const started = performance.now();
    for (let n = 1; n <= count; n++) {
      this.redeliver({ burst: id, n, of: count });
      if (n % SLICE === 0) await nextTurn();
    }
    return { id, count, duration_ms: Math.round(performance.now() - started) };
  }

  private redeliver(message: { readonly burst: string; readonly n: number; readonly of: number }): void {
    const { n } = message;
    const waited_ms = 1_000 + ((n * 37) % 9_000);
    if (n % 100 === 0)
      this.logger.error('Message lost', new Error('Its instance has been terminated'), message);
    else if (n % 25 === 0) this.logger.warn('Message redelivered late', { ...message, waited_ms });
    else if (n % 10 === 0) {
      void this.audit.log(`Message ${n} redelivered`, {
        action: 'message_sent',
        metadata: { waited_ms },
        ...message,
      });
    } else if (n % 4 === 0) this.logger.log('Message redelivered', { ...message, waited_ms });
    else this.logger.debug('Message taken from the queue', message);
  }
}
