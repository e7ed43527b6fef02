import { Controller, type INestApplication, Injectable, Logger, Module, Param, Post } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import {
  Audit,
  AuditLogger,
  InjectAuditLogger,
  LogStreamModule,
  type LogStreamOptions,
  setupLogStreaming,
} from 'nestjs-log-stream';
import { setTimeout as pause } from 'node:timers/promises';

/** A service as a user of the package has it: it knows Nest's `Logger` and the audit logger, nothing of the stream. */
@Injectable()
export class Orders {
  private readonly logger = new Logger('orders');

  constructor(@InjectAuditLogger('orders') private readonly audit: AuditLogger) {}

  place(id: number): number {
    this.logger.log('Order placed', { order_id: id, lines: [{ sku: 'A' }, { sku: 'B' }] });
    void this.audit.log(`Order ${id} placed`, { action: 'state_change', metadata: { order_id: id } });
    return id * 10;
  }

  async decline(id: number): Promise<never> {
    await pause(1);
    const error = new Error(`card of order ${id} declined`);
    this.logger.error('Payment failed', error, { order_id: id });
    throw error;
  }

  /** Logs before and after it has waited. */
  async ship(id: number): Promise<void> {
    this.logger.log('Shipping', { order_id: id });
    await pause(1);
    this.logger.log('Shipped', { order_id: id });
  }
}

@Controller('orders')
export class OrdersController {
  constructor(private readonly orders: Orders) {}

  @Audit('message_received')
  @Post(':id')
  submit(@Param('id') id: string): number {
    return this.orders.place(Number(id));
  }
}

@Module({ controllers: [OrdersController], providers: [Orders] })
class OrdersModule {}

/** A testing module as in the documentation of Nest: nobody called `setupLogStreaming()`. */
export function ordersModule(options: LogStreamOptions = { logger: false }): Promise<TestingModule> {
  return Test.createTestingModule({ imports: [LogStreamModule.forRoot(options), OrdersModule] }).compile();
}

/** The same as an app that listens, set up as in `main.ts`. */
export async function ordersApp(): Promise<{ app: INestApplication; url: string }> {
  const app = setupLogStreaming((await ordersModule()).createNestApplication());
  await app.listen(0, '127.0.0.1');
  return { app, url: await app.getUrl() };
}
