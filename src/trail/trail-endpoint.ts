import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { AuditDelivery } from '../audit/audit-delivery.js';
import { AuditLogger } from '../audit/audit-logger.js';
import { UuidV7 } from '../audit/uuid-v7.js';
import { type Access } from '../monitor/access/access.js';
import { answer, rawRoute } from '../monitor/http/raw-route.js';
import { removeCors, streamHeaders } from '../monitor/http/stream-headers.js';
import { MonitorGateway } from '../monitor/monitor.gateway.js';
import { type UpgradeVerifier } from '../monitor/upgrade-verifier.js';
import { LOG_STREAM_OPTIONS, type ResolvedLogStreamOptions } from '../options/resolved-options.js';
import { AuditTrail } from './audit-trail.js';
import { parseTrailRequest } from './trail-request.js';
import { readTrailAs } from './read-trail-as.js';

const JSON_TYPE = { 'Content-Type': 'application/json; charset=utf-8' } as const;

/**
 * Lets those who may see audit records read the whole trail: `GET /monitor/audit` answers a page of entries,
 * `GET /monitor/audit/status` how the trail is. Who may is decided as for the stream; each reading is itself audited
 * before it is answered, and refused when it cannot be.
 */
@Injectable()
export class TrailEndpoint {
  private readonly verifier: UpgradeVerifier | undefined;
  private readonly audit: AuditLogger;

  constructor(
    @Inject(LOG_STREAM_OPTIONS) private readonly options: ResolvedLogStreamOptions,
    @Inject(AuditTrail) private readonly trail: AuditTrail,
    @Inject(MonitorGateway) monitor: MonitorGateway,
    @Inject(AuditDelivery) delivery: AuditDelivery,
    @Inject(UuidV7) ids: UuidV7,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {
    this.audit = new AuditLogger('audit.trail', delivery, ids);
    const { trail: options_ } = options;
    this.verifier = options_?.path ? monitor.verifierFor(options_.path, parseTrailRequest) : undefined;
  }

  /** Adds the routes. To be called before the app's own are added: one for all paths would take what is ours. */
  mount(): void {
    const path = this.options.trail?.path;
    if (!path) return;
    const { httpAdapter } = this.host;
    httpAdapter.get(path, this.route(this.sendEntries));
    httpAdapter.get(`${path}/status`, this.route(this.sendStatus));
  }

  private route(
    send: (request: IncomingMessage, access: Access) => Promise<object>,
  ): ReturnType<typeof rawRoute> {
    return rawRoute((request, response) => {
      void this.verifier!.verify(request, (admitted, status = 401, body, headers = {}) => {
        // The connection is among those that are limited; the answer is all that this one was for.
        response.shouldKeepAlive = false;
        const head = { ...this.headers(request, response), ...headers };
        if (!admitted) return answer(request, response, status, head, body);
        const access = this.verifier!.accessOf(request)!;
        if (!access.categories.includes('audit')) return answer(request, response, 403, head);
        send.call(this, request, access).then(
          (found) => answer(request, response, 200, { ...head, ...JSON_TYPE }, JSON.stringify(found)),
          () => answer(request, response, 503, head),
        );
      });
    });
  }

  private async sendEntries(request: IncomingMessage, access: Access): Promise<object> {
    const query = parseTrailRequest(request);
    const { id } = access;
    await this.audit.log(
      'Audit trail read',
      {
        action: 'audit_trail_read' as never,
        metadata: query,
        ...(id !== undefined && { actor: { id } }),
        request: { ip: request.socket.remoteAddress },
      },
      { failure: 'closed' },
    );
    return readTrailAs(access, this.trail, query);
  }

  private async sendStatus(): Promise<object> {
    const { state, problem, checkpointProblem, lowSpace, last, checkpoint, spooled, lost } =
      this.trail.status;
    return {
      state,
      // Only what kind of problem it is: its text names files of the server.
      problem: problem?.code,
      checkpointProblem: checkpointProblem?.code,
      lowSpace,
      last,
      checkpoint,
      spooled,
      lost,
      verifier: this.trail.verifier,
    };
  }

  private headers(request: IncomingMessage, response: ServerResponse): ReturnType<typeof streamHeaders> {
    removeCors(response);
    return streamHeaders(request, this.options.allowedOrigins);
  }
}
