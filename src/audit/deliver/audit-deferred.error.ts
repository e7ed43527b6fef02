/**
 * A sink has kept a record, but not yet where it has promised to: it will bring it there. Nothing is lost, and nothing
 * is acknowledged either.
 */
export class AuditDeferredError extends Error {
  override readonly name = 'AuditDeferredError';
}
