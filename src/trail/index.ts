export { type TrailMetrics } from '../metrics/metrics-snapshot.js';
export { type TrailOptions } from '../options/trail-options.js';
export { AuditTrail } from './audit-trail.js';
export {
  type Finding as TrailFinding,
  type FindingCode as TrailFindingCode,
} from './evidence/verify/finding.js';
export { type NoteCounts as TrailNoteCounts, type TrailReport } from './evidence/verify/trail-report.js';
export { type Verdict as TrailVerdict, VERIFY_EXIT_CODES } from './evidence/verify/verdict.js';
export { type VerifyTrailOptions } from './trail-verification.js';
export { type TrailEntry, type TrailEntryKind } from './store/trail-entry.js';
export { type TrailReceipt } from '../record/kept-entry.js';
export { TrailError, type TrailErrorCode } from './store/trail-error.js';
export { type Hold, type NewHold } from './store/hold.js';
export { type PruneRequest } from './store/prune-request.js';
export { type PruneResult } from './store/pruned.js';
export { type TrailHolds } from './store/trail-holds.js';
export { type TrailPage, type TrailQuery } from './store/trail-query.js';
export { type TrailState, type TrailStatus } from './store/trail-status.js';
