export { type AuditActor, type AuditActorLike } from './actor.js';
export { type AuditAction, type AuditActions } from './audit-actions.js';
export { type AuditActorQuery, AuditActorResolver } from './audit-actor-resolver.js';
export { type AuditDetails } from './audit-entry.js';
export { type AuditEvent, type AuditFailurePolicy, type AuditReceipt } from './audit-event.js';
export { AuditHealth, type AuditHealthReport } from './audit-health.js';
export { auditLog } from './audit-log.js';
export { AuditLogger, type AuditLogOptions } from './audit-logger.js';
export {
  type AuditedCall,
  type AuditedResult,
  type AuditErrorDescription,
  type AuditOptions,
  type AuditTarget,
} from './audit-options.js';
export { AuditRecorder } from './audit-recorder.js';
export { AuditSink } from './audit-sink.js';
export { AuditUnavailableError } from './audit-unavailable.error.js';
export { Audit, type ClosedMethodDecorator } from './audit.decorator.js';
export { AuditInterceptor } from './audit.interceptor.js';
export { getAuditLoggerToken, InjectAuditLogger } from './inject-audit-logger.decorator.js';
export { type AuditIntent } from './event-of-intent.js';
export { type AuditError, type AuditOutcome, type AuditReason } from './outcome.js';
export { type AuditRequest } from './request.js';
export { runAs } from './run-as.js';
