import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type Access } from '../monitor/access/access.js';
import { networkOf } from '../monitor/access/network.js';
import { rawRoute, send } from '../monitor/http/raw-route.js';
import { type Routes } from '../monitor/http/routes.js';
import { removeCors, streamHeaders } from '../monitor/http/stream-headers.js';
import { MonitorGateway } from '../monitor/monitor.gateway.js';
import { type Admitted, type Gate } from '../monitor/access/gate.js';
import {
  type TrailPageAnswer,
  type TrailStatusAnswer,
  type VerificationAnswer,
} from '../wire/trail-answers.js';
import { LOG_STREAM_OPTIONS, type ResolvedLogStreamOptions } from '../options/resolved-options.js';
import { safeJson } from '../monitor/safe-json.js';
import { AuditTrail } from './audit-trail.js';
import { currentVerification } from './current-verification.js';
import { parseTrailRequest } from './trail-request.js';
import { readTrailAs } from './read-trail-as.js';
import { type TrailQuery } from './store/trail-query.js';
import { ReadingRate } from './reading-rate.js';
import { TrailReading } from './trail-reading.js';

const JSON_TYPE = { 'Content-Type': 'application/json; charset=utf-8' } as const;

/**
 * Lets those who may see audit records read the whole trail: `GET /monitor/audit` answers a page of entries,
 * `GET /monitor/audit/status` how the trail is, `GET /monitor/audit/verify` what its last verification found. Who may is decided as for the stream; each reading is itself audited
 * before it is answered, and refused when it cannot be.
 */
@Injectable()
export class TrailEndpoint {
  private readonly rate: ReadingRate;
  private readonly gate: Gate<TrailQuery> | undefined;

  constructor(
    @Inject(LOG_STREAM_OPTIONS) private readonly options: ResolvedLogStreamOptions,
    @Inject(AuditTrail) private readonly trail: AuditTrail,
    @Inject(MonitorGateway) monitor: MonitorGateway,
    @Inject(TrailReading) private readonly reading: TrailReading,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {
    const { trail: options_, limits } = options;
    this.rate = new ReadingRate(limits.readings);
    this.gate = options_?.path ? monitor.gateAt(options_.path, parseTrailRequest) : undefined;
  }

  /** Adds the routes. To be called before the app's own are added: one for all paths would take what is ours. */
  mount(routes: Routes = this.host.httpAdapter): void {
    const path = this.options.trail?.path;
    if (!path) return;
    routes.get(path, this.route(this.sendEntries));
    routes.get(`${path}/status`, this.route(this.sendStatus));
    routes.get(`${path}/verify`, this.route(this.sendVerified, true));
  }

  /** @param ofAll it tells of entries that who is held to a filter may learn nothing of */
  private route(
    find: (admitted: Admitted<TrailQuery>, request: IncomingMessage) => Promise<object>,
    ofAll = false,
  ): ReturnType<typeof rawRoute> {
    return rawRoute((request, response) => {
      void this.gate!.verify(request, (admitted, status = 401, body, headers = {}) => {
        // The connection is among those that are limited; the answer is all that this one was for.
        response.shouldKeepAlive = false;
        const head = { ...this.headers(request, response), ...headers };
        if (!admitted) return send(request, response, status, head, body);
        const found = this.gate!.admittedOf(request)!;
        const { access } = found;
        const may = access.categories.includes('audit') && !(ofAll && access.restricted);
        if (!may) return send(request, response, 403, head);
        find.call(this, found, request).then(
          (answer) => send(request, response, 200, { ...head, ...JSON_TYPE }, safeJson(answer)),
          (error: unknown) => {
            if (!(error instanceof TooManyReadings)) return send(request, response, 503, head);
            const seconds = Math.ceil(error.waitMs / 1_000);
            send(request, response, 429, { ...head, 'Retry-After': String(seconds) });
          },
        );
      });
    });
  }

  private async sendEntries(
    { asked: query, access }: Admitted<TrailQuery>,
    request: IncomingMessage,
  ): Promise<TrailPageAnswer> {
    const waitMs = this.rate.waitOf(readerOf(request, access));
    if (waitMs > 0) throw new TooManyReadings(waitMs);
    const page = await readTrailAs(access, this.trail, query);
    const actor = access.id === undefined ? undefined : { id: access.id };
    await this.reading.note(query, { actor, request: { ip: request.socket.remoteAddress } });
    return page;
  }

  private async sendStatus(): Promise<TrailStatusAnswer> {
    const { state, problem, checkpointProblem, lowSpace, last, checkpoint, spooled, lost } =
      this.trail.status;
    return {
      state,
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

  private sendVerified(): Promise<VerificationAnswer> {
    return currentVerification(this.trail.verification);
  }

  private headers(request: IncomingMessage, response: ServerResponse): ReturnType<typeof streamHeaders> {
    removeCors(response);
    return streamHeaders(request, this.options.allowedOrigins);
  }
}

/** Who reads more often than they may; tells when they may again. */
class TooManyReadings extends Error {
  constructor(readonly waitMs: number) {
    super();
  }
}

/** The principal, or where `authorize` names none, where they come from. */
function readerOf({ socket }: IncomingMessage, { id }: Access): string {
  return id === undefined ? `of ${networkOf(socket.remoteAddress)}` : `id ${id}`;
}
