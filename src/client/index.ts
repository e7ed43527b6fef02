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
} from '../monitor/server-message.js';
export { type AuditOrigin } from '../logger/log-call.js';
export { type LogCategory } from '../record/categorize.js';
export { type LogLevel } from '../record/level.js';
export { type PlainError } from '../record/plain-error.js';
export { type FieldValue, type FilterSpec } from '../subscription/filter/filter-spec.js';
export { type GapReason } from '../subscription/gap.js';
export { type ReplaySpec } from '../subscription/replay.js';
