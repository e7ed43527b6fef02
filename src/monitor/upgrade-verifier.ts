import { type IncomingMessage } from 'node:http';
import { type ResolvedLogStreamOptions } from '../options/resolved-options.js';
import { Admission } from './admission.js';
import { ClientError } from './client-error.js';
import { parseConnection } from './connection-request.js';
import { type MonitorCounters } from './monitor-counters.js';
import { RefusalLog } from './refusal-log.js';

/** HTTP status for a URL that asks for something impossible. */
const BAD_REQUEST = 400;

/** HTTP status for who comes while the application shuts down. */
const SERVICE_UNAVAILABLE = 503;

/** What `ws` wants to know before it answers the handshake. */
export type VerifyAnswer = (
  admitted: boolean,
  status?: number,
  body?: string,
  headers?: Record<string, string>,
) => void;

/** Answers the upgrade requests of one monitor. */
export class UpgradeVerifier {
  private readonly admission: Admission;
  private readonly refusals: RefusalLog;
  /** Upgrades that `authorize` has not decided yet. */
  private readonly undecided = new Set<VerifyAnswer>();
  private closed = false;

  constructor(
    options: ResolvedLogStreamOptions,
    private readonly counters: MonitorCounters,
  ) {
    this.admission = new Admission(options);
    this.refusals = new RefusalLog(options.path);
  }

  async verify(request: IncomingMessage, answer: VerifyAnswer): Promise<void> {
    if (this.closed) return answer(false, SERVICE_UNAVAILABLE);
    this.undecided.add(answer);
    const verdict = await this.admission.decide(request);
    // The shutdown did not wait.
    if (!this.undecided.delete(answer)) return;
    if (verdict.admitted) return this.checkUrl(request, answer);
    this.counters.refused += 1;
    answer(false, verdict.status);
    this.refusals.note(verdict);
  }

  /** Turns away who is still waiting: an HTTP server does not close before its last connection. */
  close(): void {
    this.closed = true;
    for (const answer of this.undecided) answer(false, SERVICE_UNAVAILABLE);
    this.undecided.clear();
  }

  /** Only who may watch is told what is wrong with the URL. */
  private checkUrl(request: IncomingMessage, answer: VerifyAnswer): void {
    try {
      parseConnection(request.url ?? '');
      answer(true);
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      this.counters.error(error.code);
      const { code, message, path } = error;
      const body = JSON.stringify({ code, message, path });
      answer(false, BAD_REQUEST, body, { 'Content-Type': 'application/json' });
    }
  }
}
