import { HttpStatus, ServiceUnavailableException } from '@nestjs/common';
import { auditUnavailable } from '../audit.messages.js';

/**
 * Refuses what cannot be audited: thrown in place of running a method with `failure: 'closed'`, and by
 * `AuditLogger.log()` with that option. Over HTTP it is a 503 with the body `{ statusCode, error, message, code }`;
 * audited WebSocket and microservice handlers answer with its `message` and `code` as their kind of exception.
 *
 * What went wrong is the `cause`. It stays inside: the text for the client says nothing of the store.
 *
 * @publicApi
 */
export class AuditUnavailableError extends ServiceUnavailableException {
  readonly code = 'AUDIT_UNAVAILABLE';

  constructor(cause: unknown) {
    const body = {
      statusCode: HttpStatus.SERVICE_UNAVAILABLE,
      error: 'Service Unavailable',
      message: auditUnavailable(),
      code: 'AUDIT_UNAVAILABLE',
    };
    super(body, { cause });
  }
}
