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
    return order(id);
  }

  texts(id) {
    for (let line = 0; line < LINES_PER_REQUEST; line++) this.#logger.log('Looking up order');
    return order(id);
  }

  fields(id) {
    for (let line = 0; line < LINES_PER_REQUEST; line++) {
      this.#logger.log('Looking up order', { order_id: id, attempt: line });
    }
    return order(id);
  }

  quiet(id) {
    return order(id);
  }

  audited(id) {
    return order(id);
  }
}

const order = (id) => ({ id, items: ['A-1042', 'B-17', 'C-9'], total: 129.9, currency: 'EUR' });

/** What one request can be for, by its path. */
const ROUTES = {
  find: ':id',
  texts: 'texts/:id',
  fields: 'fields/:id',
  quiet: 'quiet/:id',
  audited: 'audited/:id',
};

// By hand what a compiler makes of decorators: this file runs as it is.
Controller('orders')(OrdersController);
for (const [name, path] of Object.entries(ROUTES)) {
  Param('id')(OrdersController.prototype, name, 0);
  Get(path)(OrdersController.prototype, name, descriptorOf(name));
}

/**
 * An app with its routes, and whatever its logger needs.
 *
 * @param {readonly unknown[]} imports
 * @param {MethodDecorator} [audit] of the route `audited`
 */
export function ordersModule(imports, audit) {
  class OrdersModule {}
  if (audit) {
    const audited = audit(OrdersController.prototype, 'audited', descriptorOf('audited'));
    if (audited) Object.defineProperty(OrdersController.prototype, 'audited', audited);
  }
  Module({ imports, controllers: [OrdersController] })(OrdersModule);
  return OrdersModule;
}

function descriptorOf(name) {
  return Object.getOwnPropertyDescriptor(OrdersController.prototype, name);
}
