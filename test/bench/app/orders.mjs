import { Controller, Get, Logger, Module, Param } from '@nestjs/common';

/** What one request logs: texts and structured params as an app has them, all of levels that every logger prints. */
export const LINES_PER_REQUEST = 5;

class OrdersController {
  #logger = new Logger('OrdersController');

  find(id) {
    this.#logger.log('Looking up order', { order_id: id });
    this.#logger.log('Cache missed, reading from the database');
    this.#logger.log('Order found', { order_id: id, items: 3, total: 129.9 });
    this.#logger.warn('Stock is low', { sku: 'A-1042', left: 2 });
    this.#logger.log('Order answered', { order_id: id, duration_ms: 4 });
    return { id, items: ['A-1042', 'B-17', 'C-9'], total: 129.9, currency: 'EUR' };
  }
}

// By hand what a compiler makes of decorators: this file runs as it is.
Controller('orders')(OrdersController);
Param('id')(OrdersController.prototype, 'find', 0);
Get(':id')(
  OrdersController.prototype,
  'find',
  Object.getOwnPropertyDescriptor(OrdersController.prototype, 'find'),
);

/** An app with one route, and whatever its logger needs. */
export function ordersModule(imports) {
  class OrdersModule {}
  Module({ imports, controllers: [OrdersController] })(OrdersModule);
  return OrdersModule;
}
