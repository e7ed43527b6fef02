import { Catch, type ExceptionFilter } from '@nestjs/common';
import { awaitedCall } from '../call/audit-scope.js';

/**
 * The type of exceptions that {@link AuditObserver} catches: none. Nest asks the type of each filter whether an
 * exception is an instance of it, and being asked is what this one is for.
 */
abstract class PassingException {
  static [Symbol.hasInstance](exception: unknown): boolean {
    awaitedCall()?.passException(exception);
    return false;
  }
}

/**
 * Sees the exceptions of an audited handler on their way to the filters, also those that no interceptor sees, and
 * leaves every one of them to the application's own filters: a filter that caught them, to hand them on, would stand
 * before the others and change what the client gets.
 */
@Catch(PassingException)
export class AuditObserver implements ExceptionFilter {
  catch(): void {}
}
