import { type TrailBackend } from './trail-backend.js';
import { type DraftEntry } from './draft-entry.js';
import { type TrailReceipt } from '../../record/kept-entry.js';

/** Runs one statement, without parameters, in the transaction of the application. */
export type StatementRunner = (sql: string) => Promise<unknown>;

/** Of an entry that is in the application's transaction: whether it will be in the trail is up to that one. */
export interface PendingReceipt {
  readonly id: string;
  /** The transaction, as its server names it. */
  readonly xid: string;
  /** Resolves when the entry has its place; rejects with an `AuditRolledBackError` when the transaction did not commit. */
  readonly sequenced: Promise<Omit<TrailReceipt, 'id'>>;
}

/** A backend to which an entry can be given within the application's own transaction: both are there, or neither. */
export interface TransactionalBackend extends TrailBackend {
  enqueue(run: StatementRunner, draft: DraftEntry): Promise<PendingReceipt>;
}
