import { Worker } from 'node:worker_threads';
import { type TrailReport } from '../../evidence/verify/trail-report.js';
import { requireSqlite } from '../sqlite.js';
import { TrailError } from '../../store/trail-error.js';
import { WorkerCalls } from '../../store/worker-calls.js';
import { verificationCrashed, verificationStopped } from '../../store/store.messages.js';
import { type VerifyRun } from '../../store/trail-backend.js';
import { type VerifyFileRequest } from './verify-file.js';
import { type VerifyEvent, type VerifyMethods } from './verify-methods.js';
import { threadFile } from '../thread-file.js';

/**
 * Verifies a stored trail in a thread of its own, which ends with it: a verification computes without a pause, some 7 s
 * for a million entries, in which this thread must answer others.
 *
 * @throws TrailError as a rejection: `unsupported`, `not_a_trail`, `io`, `corrupt`; `closed` when it was stopped
 */
export async function verifyInThread(
  request: VerifyFileRequest,
  { onProgress, signal }: VerifyRun = {},
): Promise<TrailReport> {
  requireSqlite();
  const { file } = request;
  const stopped = (): TrailError => new TrailError('closed', verificationStopped(file));
  if (signal?.aborted) throw stopped();
  // Without the parent's flags: `--import` of a tracer, `--test` and the like are none of this thread's business.
  const worker = new Worker(threadFile('verify.worker.js'), {
    execArgv: [],
    workerData: request,
    name: 'audit-trail-verifier',
  });
  const calls = new WorkerCalls<VerifyMethods, VerifyEvent>(
    worker,
    ({ value }) => onProgress?.(value),
    (reason) => (signal?.aborted ? stopped() : new TrailError('crashed', verificationCrashed(file, reason))),
  );
  const stop = (): void => void calls.terminate();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await calls.call('verify', request);
  } finally {
    signal?.removeEventListener('abort', stop);
    await calls.terminate();
  }
}
