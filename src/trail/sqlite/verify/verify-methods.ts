import { type TrailReport } from '../../evidence/verify/trail-report.js';
import { type VerifyProgress } from '../../store/trail-backend.js';
import { type VerifyFileRequest } from './verify-file.js';

/** What the thread that verifies can be asked. */
export type VerifyMethods = {
  verify(request: VerifyFileRequest): Promise<TrailReport>;
};

/** What it says unasked. */
export type VerifyEvent = { readonly event: 'progress'; readonly value: VerifyProgress };
