import { type AuditReceipt } from '../audit-event.js';

/**
 * Runs what ends in a receipt. Whatever goes wrong, now or later, rejects the promise, and a rejection that
 * nobody awaits stays silent: an audit call must not end the process.
 */
export function issueReceipt(work: () => Promise<AuditReceipt>): Promise<AuditReceipt> {
  const receipt = new Promise<AuditReceipt>((resolve) => resolve(work()));
  receipt.catch(() => undefined);
  return receipt;
}
