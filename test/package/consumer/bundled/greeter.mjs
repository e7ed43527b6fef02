import { Logger } from '@nestjs/common';

/** What an application has in files of its own: the tests expect these functions on these lines. */
export class Greeter {
  logger = new Logger('app.greeter');

  greet() {
    this.logger.warn('greeting');
  }

  greetStatically() {
    Logger.warn('greeting statically', 'app.greeter');
  }
}
