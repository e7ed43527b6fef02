export { connect } from './connect.js';
export { type LogStreamClient } from './log-stream-client.js';
export { LogStreamError, type LogStreamErrorCode, type LogStreamErrorDetails } from './log-stream-error.js';
export { type ConnectOptions } from './connect-options.js';
export { type ReconnectOptions } from './backoff.js';
export { type BufferOptions } from './item-queue.js';
export { type Credential } from './credential.js';
export { type WebSocketConstructor, type WebSocketLike } from './web-socket.js';
export { type ConnectionState } from './connection-state.js';
export { type FilterChange, type LogStreamEvents } from './events.js';
export { type LogStreamObserver, type LogStreamSubscription } from './consumers.js';
export {
  type AuditItem,
  type AuditRecord,
  type GapItem,
  type LogStreamItem,
  type LostItem,
  type RecordItem,
  type SystemItem,
  type SystemRecord,
} from './items.js';
export { type HistoryPage, type HistoryRange } from './history-range.js';
export {
  type AuditCheckpointData,
  type CaughtUpData,
  type HelloData,
  type LimitsData,
  type StatsData,
} from '../wire/server-message.js';
export { type AlertData } from '../wire/alert.js';
export { type AuditOrigin } from '../wire/audit-origin.js';
export { type LogCategory } from '../wire/category.js';
export { type LogLevel } from '../wire/level.js';
export { type PlainError } from '../wire/plain-error.js';
export { type FieldValue, type FilterSpec } from '../wire/filter/filter-spec.js';
export { type GapReason } from '../wire/gap-reason.js';
export { type ReplaySpec } from '../wire/replay-spec.js';
