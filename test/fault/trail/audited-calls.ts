import { Controller, HttpCode, Injectable, Param, Post } from '@nestjs/common';
import {
  Audit,
  AuditLogger,
  type AuditReceipt,
  InjectAuditLogger,
  type LogStreamOptions,
  type TrailOptions,
} from 'nestjs-log-stream';
import { monitoredApp, type MonitoredApp } from '../../harness/monitored-app.js';

/** What a caller of the methods below must see, whatever the trail does. */
export const DOMAIN_ERROR = new RangeError('not enough money');

@Injectable()
export class Payments {
  /** Handlers that ran, by the numbers of their calls. */
  readonly ran: number[] = [];

  constructor(@InjectAuditLogger('payments') readonly audit: AuditLogger) {}

  @Audit<Payments['pay']>('payment' as never, { metadata: ({ args }) => ({ number: args[0] }) })
  pay(number: number): { paid: number } {
    this.ran.push(number);
    return { paid: number };
  }

  @Audit('payment' as never)
  async refuse(_number: number): Promise<never> {
    return Promise.reject(DOMAIN_ERROR);
  }

  @Audit<Payments['revoke']>('key_revoke' as never, {
    failure: 'closed',
    metadata: ({ args }) => ({ number: args[0] }),
  })
  async revoke(number: number): Promise<{ revoked: number }> {
    this.ran.push(number);
    return Promise.resolve({ revoked: number });
  }

  log(number: number, padding = ''): Promise<AuditReceipt> {
    return this.audit.log(`payment ${number}`, { action: 'logged' as never, metadata: { number, padding } });
  }
}

@Controller()
export class PaymentsController {
  constructor(private readonly payments: Payments) {}

  @Post('open/:number')
  @HttpCode(200)
  @Audit('open_route' as never)
  open(@Param('number') number: string): { paid: number } {
    return this.payments.pay(Number(number));
  }

  @Post('closed/:number')
  @HttpCode(200)
  @Audit('closed_route' as never, { failure: 'closed' })
  async closed(@Param('number') number: string): Promise<{ done: number }> {
    this.payments.ran.push(Number(number));
    return Promise.resolve({ done: Number(number) });
  }
}

/** An app with a trail whose callers pay, are refused, and revoke. */
export class AuditedApp implements AsyncDisposable {
  /** Ids of the audit records of its stream. */
  readonly published: string[] = [];

  private constructor(readonly app: MonitoredApp) {
    app.stream.records$.subscribe(({ category, id }) => {
      if (category === 'audit') this.published.push(String(id));
    });
  }

  static async start(trail: TrailOptions, options: LogStreamOptions = {}): Promise<AuditedApp> {
    const app = await monitoredApp({
      logger: false,
      caller: 'never',
      trail: { space: { lowBytes: 0, ballastBytes: 65_536 }, ...trail },
      ...options,
    })
      .with({ controllers: [PaymentsController], providers: [Payments] })
      .start();
    return new AuditedApp(app);
  }

  get payments(): Payments {
    return this.app.get(Payments);
  }

  async post(path: string): Promise<[status: number, body: unknown]> {
    const response = await this.app.request(path, { method: 'POST' });
    return [response.status, await response.json()];
  }

  async close(): Promise<void> {
    await this.app.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
