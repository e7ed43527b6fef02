export { captureLogs, type CapturedBlock } from './capture-logs.js';
export { type CapturedRecord } from './captured-record.js';
export { type CapturedLogs } from './captured-logs.js';
export { type CaptureOptions, type LogRecorder, type NextOptions } from './log-recorder.js';
export { recordLogs } from './record-logs.js';
export {
  type AsymmetricMatcher,
  type RecordMatcher,
  type RecordPattern,
  type RecordPredicate,
  type TextMatcher,
} from './record-matcher.js';
