import { AuditDeferredError } from '../audit/deliver/audit-deferred.error.js';
import { type AuditReceipt } from '../audit/audit-event.js';
import { type PlainObject } from '../wire/plain-value.js';
import { type LogStream } from '../stream/log-stream.js';
import { type FilterSpec } from '../wire/filter/filter-spec.js';
import { type PruneRequest } from './store/prune-request.js';
import { type PruneResult } from './store/pruned.js';
import { type TrailEntry } from './store/trail-entry.js';
import { TrailError } from './store/trail-error.js';
import { type TrailHolds } from './store/trail-holds.js';
import { type TrailPage, type TrailQuery } from './store/trail-query.js';
import { type TrailStatus } from './store/trail-status.js';
import { type TrailStore } from './store/trail-store.js';
import { type TrailReport } from './evidence/verify/trail-report.js';
import { type KeptEntry } from '../record/kept-entry.js';
import { TrailKeeper } from './trail-keeper.js';
import { TrailVerification, type VerifyTrailOptions } from './trail-verification.js';
import { notPublished, notStored, noTrail, spooled } from './trail.messages.js';

/**
 * The durable, tamper-evident trail of an app's audit records, where the option `trail` is set.
 *
 * @publicApi
 */
export class AuditTrail {
  private noteReading: (query: TrailQuery) => Promise<void> = () => Promise.resolve();
  private readonly verifications: TrailVerification | undefined;

  /** @internal */
  constructor(
    /** @internal `undefined` without the option `trail` */
    readonly store: TrailStore | undefined,
    stream: LogStream,
    private readonly instance: string,
  ) {
    if (!store) return;
    this.verifications = new TrailVerification(store);
    stream.keepAudit(new TrailKeeper(store, stream.cursors.epoch, instance));
  }

  /** Whether the app keeps a trail; without one everything else throws or rejects. */
  get isKept(): boolean {
    return this.store !== undefined;
  }

  /** How it is doing. @throws Error without a trail */
  get status(): TrailStatus {
    return this.kept.status;
  }

  /** What an auditor needs to verify the trail (C2SP verifier key). @throws Error without a trail */
  get verifier(): string {
    return this.kept.key.verifier;
  }

  /**
   * One page of entries, oldest first unless the query says otherwise; `next` of the page leads to the next one. Asks
   * a thread of its own: no query holds up the app or a commit. Reading is itself audited (`audit_trail_read`, with the
   * actor that `runAs()` or the request names), before the entries are handed over.
   *
   * @throws TrailError `invalid_query` as a rejection that names the field
   * @throws AuditUnavailableError as a rejection when the reading cannot be audited
   */
  async query(query: TrailQuery = {}): Promise<TrailPage> {
    const page = await this.page(query);
    await this.noteReading(query);
    return page;
  }

  /** All entries of a query, read page by page; audited once. */
  async *entries(query: TrailQuery = {}): AsyncGenerator<TrailEntry, void, undefined> {
    const entries = this.kept.entries(query);
    await this.noteReading(query);
    yield* entries;
  }

  /**
   * @internal the same page for somebody whose reading is audited elsewhere
   * @param held what they are held to: they get records that pass, and learn of no others
   */
  async page(query: TrailQuery, held?: readonly FilterSpec[]): Promise<TrailPage> {
    const page = await this.kept.query(query, held);
    // A verification tells of entries that who is held to a filter may learn nothing of.
    return held ? page : { ...page, verified: this.verification.verifiedThrough };
  }

  /** @internal who audits the readings of the application */
  auditReadings(note: (query: TrailQuery) => Promise<void>): void {
    this.noteReading = note;
  }

  /**
   * Signs what is committed now, unless that was done.
   *
   * @returns the signed note (C2SP tlog-checkpoint)
   */
  async checkpoint(): Promise<string> {
    return this.kept.checkpoint();
  }

  /**
   * Verifies all that is stored, with the key that signs now as the one that is trusted. What is committed is signed
   * first, so that the signatures reach to the end. It runs in a thread of its own, one run at a time: who asks
   * meanwhile gets the report of that run. It cannot see what nobody inside of this process could: verify an export,
   * with anchors that were kept elsewhere, on another machine too.
   *
   * @param options.anchors file of checkpoints that were kept elsewhere; default the file of the option `trail.anchors`
   * @throws TrailError as a rejection when nothing could be verified; what is wrong with the trail is in the report
   */
  async verify(options: VerifyTrailOptions = {}): Promise<TrailReport> {
    return this.verification.verify(options);
  }

  /** @internal */
  get verification(): TrailVerification {
    if (!this.verifications) throw new Error(noTrail());
    return this.verifications;
  }

  /**
   * Changes the key that signs; both keys sign that they do.
   *
   * @param pem Ed25519, PKCS#8; made without it, where the key lies in a file of the trail
   * @returns the new verifier key
   */
  async rotateKey(pem?: string): Promise<string> {
    return this.kept.rotateKey(pem);
  }

  /** Deletes the oldest entries, provably, up to a signed checkpoint and never what a hold keeps. */
  async prune(request: PruneRequest): Promise<PruneResult> {
    return this.kept.prune(request);
  }

  /** Legal holds: entries that must not be pruned. @throws Error without a trail */
  get holds(): TrailHolds {
    return this.kept.holds;
  }

  /** @internal resolves when a record that was published is safe */
  async receiptOf(keeping: Promise<KeptEntry> | undefined): Promise<AuditReceipt> {
    const kept = await keeping;
    if (!kept) throw new TrailError('closed', notPublished());
    switch (kept.kept) {
      case 'trail':
        return kept.receipt;
      case 'spool':
        throw new AuditDeferredError(spooled());
      case 'counted':
        throw new TrailError('full', notStored());
    }
  }

  /** @internal stores what a call is about to do; the store adds the time */
  async intend(data: PlainObject): Promise<AuditReceipt> {
    return this.kept.append({ kind: 'intent', stream: null, instance: this.instance, data });
  }

  private get kept(): TrailStore {
    if (!this.store) throw new Error(noTrail());
    return this.store;
  }
}
