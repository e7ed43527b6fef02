export { type AuditActor, type AuditActorLike } from './describe/actor.js';
export { type AuditAction, type AuditActions } from './audit-actions.js';
export { type AuditActorQuery, AuditActorResolver } from './describe/audit-actor-resolver.js';
export { type AuditDetails } from './describe/audit-entry.js';
export { type AuditEvent, type AuditFailurePolicy, type AuditReceipt } from './audit-event.js';
export { AuditHealth, type AuditHealthReport } from './deliver/audit-health.js';
export { auditLog } from './audit-log.js';
export { AuditLogger, type AuditLogOptions } from './audit-logger.js';
export {
  type AuditedCall,
  type AuditedResult,
  type AuditErrorDescription,
  type AuditOptions,
  type AuditTarget,
} from './describe/audit-options.js';
export { AuditSink } from './deliver/audit-sink.js';
export { AuditDeferredError } from './deliver/audit-deferred.error.js';
export { AuditUnavailableError } from './deliver/audit-unavailable.error.js';
export { Audit, type ClosedMethodDecorator } from './decorate/audit.decorator.js';
export { getAuditLoggerToken, InjectAuditLogger } from './decorate/inject-audit-logger.decorator.js';
export { type AuditIntent } from './describe/event-of-intent.js';
export { type AuditError, type AuditOutcome, type AuditReason } from './describe/outcome.js';
export { type AuditRequest } from './describe/request.js';
export { runAs } from './describe/run-as.js';
