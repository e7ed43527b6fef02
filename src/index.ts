export { LogStreamModule } from './log-stream.module.js';
export { setupLogStreaming } from './setup-log-streaming.js';
export { LogStreamLogger } from './logger/log-stream-logger.js';
export { type AuditOrigin } from './wire/audit-origin.js';
export {
  type Authorize,
  type FlushOptions,
  type HistoryOptions,
  type LimitOptions,
  type LogStreamOptions,
  type MessageLimit,
} from './options/log-stream-options.js';
export { type CallerMode } from './options/caller-mode.js';
export { type RedactOptions } from './options/redact-options.js';
export { type LogCategory } from './wire/category.js';
export { LOG_LEVELS, type LogLevel } from './wire/level.js';
export { type LogRecord } from './record/log-record.js';
export { type PlainError } from './wire/plain-error.js';
export { type PlainObject, type PlainValue } from './wire/plain-value.js';
export { type RecordInput } from './record/record-input.js';
export { DEFAULT_SECRET_KEYS } from './record/redaction/default-secret-keys.js';
export { RECORD_LIMITS } from './record/record-limits.js';
export { type History } from './stream/history.js';
export { LogStream } from './stream/log-stream.js';
export { LogStreamMetrics } from './metrics/log-stream-metrics.js';
export { type MetricsSnapshot, type TrailMetrics } from './metrics/metrics-snapshot.js';
export { FILTER_LIMITS, type FieldValue, type FilterSpec } from './wire/filter/filter-spec.js';
export { FilterError } from './wire/filter/filter-error.js';
export { matching } from './subscription/filter/matching.js';
export { type GapReason } from './wire/gap-reason.js';
export { anyOf } from './monitor/access/any-of.js';
export {
  basicAuth,
  type BasicAuthOptions,
  type BasicUsers,
  type VerifyPassword,
} from './monitor/access/basic-auth.js';
export { bearerToken, type BearerTokens, type VerifyToken } from './monitor/access/bearer-token.js';
export {
  LogStreamTickets,
  type LogStreamTicketsOptions,
  type TicketOptions,
} from './monitor/access/log-stream-tickets.js';
export { type Authorization, type Authorizer, type Principal } from './monitor/access/principal.js';
export { type RedeemTicket } from './monitor/access/used-tickets.js';
export { type TicketExtras } from './monitor/access/ticket-extras.js';
export { CLOSE_CODES, EXTENDED_CLOSE_CODES } from './wire/close-codes.js';
export { MonitorGateway } from './monitor/monitor.gateway.js';
export { type TrailOptions } from './options/trail-options.js';
export { AuditTrail } from './trail/audit-trail.js';
export {
  type Finding as TrailFinding,
  type FindingCode as TrailFindingCode,
} from './trail/evidence/verify/finding.js';
export {
  type NoteCounts as TrailNoteCounts,
  type TrailReport,
} from './trail/evidence/verify/trail-report.js';
export { type Verdict as TrailVerdict, VERIFY_EXIT_CODES } from './trail/evidence/verify/verdict.js';
export { type VerifyTrailOptions } from './trail/trail-verification.js';
export { type TrailEntry, type TrailEntryKind, type TrailReceipt } from './trail/store/trail-entry.js';
export { TrailError, type TrailErrorCode } from './trail/store/trail-error.js';
export { type Hold, type NewHold } from './trail/store/hold.js';
export { type PruneRequest } from './trail/store/prune-request.js';
export { type PruneResult } from './trail/store/pruned.js';
export { type TrailHolds } from './trail/store/trail-holds.js';
export { type TrailPage, type TrailQuery } from './trail/store/trail-query.js';
export { type TrailState, type TrailStatus } from './trail/store/trail-status.js';
export {
  Audit,
  type AuditAction,
  type AuditActions,
  type AuditActor,
  type AuditActorLike,
  type AuditActorQuery,
  AuditActorResolver,
  type AuditDetails,
  type AuditedCall,
  type AuditedResult,
  type AuditError,
  type AuditErrorDescription,
  type AuditEvent,
  type AuditFailurePolicy,
  AuditHealth,
  type AuditHealthReport,
  type AuditIntent,
  AuditInterceptor,
  AuditLogger,
  type AuditLogOptions,
  type AuditOptions,
  type AuditOutcome,
  type AuditReason,
  type AuditReceipt,
  AuditRecorder,
  type AuditRequest,
  AuditSink,
  type AuditTarget,
  AuditUnavailableError,
  auditLog,
  type ClosedMethodDecorator,
  getAuditLoggerToken,
  InjectAuditLogger,
  runAs,
} from './audit/index.js';
