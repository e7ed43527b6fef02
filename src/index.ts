export { LogStreamModule } from './log-stream.module.js';
export { setupLogStreaming } from './setup-log-streaming.js';
export { flushLogStreaming, type FlushLogStreamingOptions } from './flush-log-streaming.js';
export { LogStreamLogger } from './logger/log-stream-logger.js';
export {
  type Authorize,
  type FlushOptions,
  type HistoryOptions,
  type LimitOptions,
  type LogStreamOptions,
  type MessageLimit,
  type MonitorServerOptions,
  type ReadingLimit,
  type RequestOptions,
} from './options/log-stream-options.js';
export { type AlertOptions } from './options/alert-options.js';
export { type CallerMode } from './options/caller-mode.js';
export { type RedactOptions } from './options/redact-options.js';
export { type Alert, type AlertedRecord } from './wire/alert.js';
export { type LogCategory } from './wire/category.js';
export { type Authorization, type Principal } from './wire/principal.js';
export { LOG_LEVELS, type LevelName, type LogLevel } from './wire/level.js';
export { runInStory } from './story/current-story.js';
export { type StoryOrigin } from './story/story.js';
export { type StoryFields } from './wire/story-fields.js';
export { type LogRecord } from './record/log-record.js';
export { type PlainError } from './wire/plain-error.js';
export { type PlainObject, type PlainValue } from './wire/plain-value.js';
export { type RecordInput } from './record/record-input.js';
export { DEFAULT_SECRET_ENDINGS, DEFAULT_SECRET_KEYS } from './record/redaction/default-secret-keys.js';
export { RECORD_LIMITS } from './record/record-limits.js';
export { type History } from './stream/history.js';
export { LogStream } from './stream/log-stream.js';
export { LogStreamMetrics } from './metrics/log-stream-metrics.js';
export { type MetricsSnapshot } from './metrics/metrics-snapshot.js';
export { FILTER_LIMITS, type FieldValue, type FilterSpec } from './wire/filter/filter-spec.js';
export { FilterError } from './wire/filter/filter-error.js';
export { matching } from './subscription/filter/matching.js';
export { type GapReason } from './wire/gap-reason.js';
export { anyOf } from './monitor/access/any-of.js';
export { basicAuth } from './monitor/access/basic-auth.js';
export { bearerToken } from './monitor/access/bearer-token.js';
export { LogStreamTickets } from './monitor/access/log-stream-tickets.js';
export { CLOSE_CODES, EXTENDED_CLOSE_CODES } from './wire/close-codes.js';
export { MonitorGateway } from './monitor/monitor.gateway.js';
export { type TrailOptions } from './options/trail-options.js';
export { AuditTrail } from './trail/audit-trail.js';
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
  AuditDeferredError,
  type AuditHealthReport,
  type AuditIntent,
  AuditLogger,
  type AuditLogOptions,
  type AuditOptions,
  type AuditOutcome,
  type AuditReason,
  type AuditReceipt,
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
