import { Inject, Injectable } from '@nestjs/common';
import { UNKNOWN_ACTOR } from '../audit/describe/actor.js';
import { type AuditAction } from '../audit/audit-actions.js';
import { AuditActors } from '../audit/describe/audit-actors.js';
import { AuditDelivery } from '../audit/deliver/audit-delivery.js';
import { AuditLogger } from '../audit/audit-logger.js';
import { currentSurroundings } from '../audit/call/audit-scope.js';
import { inTime } from '../audit/deliver/deadline.js';
import { UuidV7 } from '../record/record-id.js';
import { AuditTrail } from './audit-trail.js';
import { type TrailQuery } from './store/trail-query.js';

/** A name of ours, which an app's own list of actions need not have. */
const TRAIL_READ = 'audit_trail_read' as string as AuditAction;

/** Who reads, where it is not the one who acts in the application. */
export interface TrailVisitor {
  readonly actor: { readonly id: string } | undefined;
  readonly request: { readonly ip: string | undefined };
}

/** Audits the reading of the trail: a reading that cannot be audited is refused. */
@Injectable()
export class TrailReading {
  private readonly audit: AuditLogger;

  constructor(
    @Inject(AuditTrail) trail: AuditTrail,
    @Inject(AuditDelivery) private readonly delivery: AuditDelivery,
    @Inject(UuidV7) ids: UuidV7,
    @Inject(AuditActors) private readonly actors: AuditActors,
  ) {
    this.audit = new AuditLogger('audit.trail', delivery, ids);
    trail.auditReadings((query) => this.note(query));
  }

  /**
   * @param visitor without it, whoever `runAs()`, the app's resolver or the current request names
   * @throws AuditUnavailableError as a rejection
   */
  async note(query: TrailQuery, visitor?: TrailVisitor): Promise<void> {
    const { actor, request } = visitor ?? { actor: await this.actor(), request: undefined };
    await this.audit.log(
      'Audit trail read',
      { action: TRAIL_READ, metadata: query, ...(actor && { actor }), ...(request && { request }) },
      { failure: 'closed' },
    );
  }

  private async actor(): Promise<object | undefined> {
    const actor = this.actors.ask({ action: TRAIL_READ, context: currentSurroundings()?.context }, undefined);
    // A resolver that never answers must not hold up the reading for ever.
    if (actor.pending) await inTime(actor.pending, this.delivery.deadlineMs).catch(() => actor.giveUp(''));
    return actor.value ?? (actor.problem === undefined ? undefined : UNKNOWN_ACTOR);
  }
}
