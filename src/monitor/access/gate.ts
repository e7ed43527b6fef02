import { type IncomingMessage } from 'node:http';
import { type Access } from './access.js';
import { Admission, type Refusal, type AdmissionResult } from './admission.js';
import { ClientError } from '../../wire/client-error.js';
import { type MonitorCounters } from '../monitor-counters.js';
import { admissionFailed, REVOKED } from '../monitor.messages.js';
import { RefusalLog } from './refusal-log.js';
import { safeJson } from '../safe-json.js';

/** HTTP status for a URL that asks for something impossible. */
const BAD_REQUEST = 400;

/** HTTP status for who comes while the application shuts down. */
const SERVICE_UNAVAILABLE = 503;

/** When who was one too many should try again, in seconds. */
const RETRY_AFTER_S = '5';

/** What `ws` wants to know before it answers the handshake, and the stream over HTTP before it begins. */
export type GateAnswer = (
  admitted: boolean,
  status?: number,
  body?: string,
  headers?: Record<string, string>,
) => void;

/** A request that was let in: what it asks for, and what its client may see. */
export interface Admitted<Asked> {
  readonly asked: Asked;
  readonly access: Access;
}

/**
 * Answers who asks to watch, by an upgrade or by a request: the same rules, at one path.
 *
 * @typeParam Asked what a request asks for, read once
 */
export class Gate<Asked = unknown> {
  private readonly refusals: RefusalLog;
  /** Upgrades that `authorize` has not decided yet, with the principals that were revoked meanwhile. */
  private readonly undecided = new Map<GateAnswer, Set<string>>();
  private readonly admitted = new WeakMap<IncomingMessage, Admitted<Asked>>();
  private closed = false;

  constructor(
    private readonly admission: Admission,
    path: string,
    private readonly counters: MonitorCounters,
    /** Reads what a request asks for; throws a ClientError when it asks for something impossible. */
    private readonly parse: (request: IncomingMessage) => Asked,
  ) {
    this.refusals = new RefusalLog(path);
  }

  /** Never rejects: nobody awaits it, and an unhandled rejection would end the process. */
  async verify(request: IncomingMessage, answer: GateAnswer): Promise<void> {
    try {
      await this.decide(request, answer);
    } catch (error) {
      // What the app put between us and the client, as an adapter of its own.
      this.undecided.delete(answer);
      request.socket.destroy();
      this.refusals.note({ kind: 'failed', reason: admissionFailed(error) });
    }
  }

  private async decide(request: IncomingMessage, answer: GateAnswer): Promise<void> {
    if (this.closed || isGone(request)) return answer(false, SERVICE_UNAVAILABLE);
    const revoked = new Set<string>();
    this.undecided.set(answer, revoked);
    const result = unless(revoked, await this.admission.decide(request));
    // The shutdown did not wait.
    if (!this.undecided.delete(answer)) return;
    if (result.admitted) {
      return this.admit(request, result.principal, answer);
    }
    this.counters.refused += 1;
    answer(false, result.status, undefined, headersOf(result));
    this.refusals.note(result);
  }

  /** @returns `undefined` for a request that did not come through this gate, or was not let in */
  admittedOf(request: IncomingMessage): Admitted<Asked> | undefined {
    return this.admitted.get(request);
  }

  /** `authorize` may have looked somebody up just before the permission was withdrawn, and answer just after. */
  revoke(id: string): void {
    for (const revoked of this.undecided.values()) revoked.add(id);
  }

  /** Turns away who is still waiting: an HTTP server does not close before its last connection. */
  close(): void {
    this.closed = true;
    for (const answer of this.undecided.keys()) answer(false, SERVICE_UNAVAILABLE);
    this.undecided.clear();
  }

  /** Only who may watch is told what is wrong with the request. */
  private admit(request: IncomingMessage, access: Access, answer: GateAnswer): void {
    try {
      this.admitted.set(request, { asked: this.parse(request), access });
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      this.counters.error(error.code);
      const { code, message, path } = error;
      const body = safeJson({ code, message, path });
      return answer(false, BAD_REQUEST, body, { 'Content-Type': 'application/json' });
    }
    answer(true);
  }
}

function unless(revoked: ReadonlySet<string>, result: AdmissionResult): AdmissionResult {
  if (!result.admitted || result.principal.id === undefined || !revoked.has(result.principal.id))
    return result;
  return { admitted: false, status: 401, kind: 'revoked', reason: REVOKED };
}

/**
 * Whether the peer has left before it was looked at: it has no address any more, and would be taken for a stranger.
 * (On a UNIX socket neither end has one.)
 */
function isGone({ socket }: IncomingMessage): boolean {
  return socket.destroyed || (socket.remoteAddress === undefined && socket.localAddress !== undefined);
}

/** Tells clients that may come back when to, or with what. */
function headersOf({ status, challenge }: Refusal): Record<string, string> | undefined {
  if (challenge !== undefined) return { 'WWW-Authenticate': challenge };
  return status === 429 || status === SERVICE_UNAVAILABLE ? { 'Retry-After': RETRY_AFTER_S } : undefined;
}
