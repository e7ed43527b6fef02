import { Test } from '@nestjs/testing';
import { getAuditLoggerToken, LogStreamModule } from 'nestjs-log-stream';
import { expect, it, vi } from 'vitest';
import { captureLogs } from '../../src/testing/index.js';
import { Orders } from './orders.js';

it('a class with @InjectAuditLogger is tested alone with one line for its logger', async () => {
  const log = vi.fn(async () => ({ id: '1' }));
  const module = await Test.createTestingModule({
    providers: [Orders, { provide: getAuditLoggerToken('orders'), useValue: { log } }],
  }).compile();
  expect(module.get(Orders).place(7)).toBe(70);
  expect(log).toHaveBeenCalledWith('Order 7 placed', { action: 'state_change', metadata: { order_id: 7 } });
});

it('or with the real one, by importing the module', async () => {
  const module = await Test.createTestingModule({
    imports: [LogStreamModule.forRoot({ logger: false })],
    providers: [Orders],
  }).compile();
  const { audit } = await captureLogs(module, () => module.get(Orders).place(7));
  expect(audit).toMatchObject([{ logger: 'audit.orders', message: 'Order 7 placed' }]);
  await module.close();
});
