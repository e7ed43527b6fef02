import { pageParameters, type TrailQuery } from '../model/trail-query.js';
import {
  type TrailPageAnswer,
  type TrailStatusAnswer,
  type VerificationAnswer,
} from '../../../wire/trail-answers.js';
import { type PageSession } from './page-session.js';

/** Why the server did not answer what it was asked. */
export class TrailRefusal extends Error {
  override readonly name = 'TrailRefusal';

  /** @param status 0 when there was no answer */
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const REFUSALS: Readonly<Record<number, string>> = {
  0: 'The server does not answer.',
  400: 'The server does not understand this search.',
  401: 'You are not signed in any more.',
  403: 'You may not read the audit trail.',
  404: 'There is no audit trail at this address any more.',
  429: 'Too many connections from your address.',
  503: 'The server cannot answer now: each reading is itself recorded, and that did not work.',
};

/** The audit trail over HTTP, asked as who watches the stream: by the token, or by what the browser sends itself. */
export class TrailRoute {
  constructor(
    private readonly url: string,
    private readonly session: PageSession,
  ) {}

  /** One page, newest first. @throws TrailRefusal */
  entries(
    query: TrailQuery,
    limit: number,
    before: number | undefined,
    signal: AbortSignal,
  ): Promise<TrailPageAnswer> {
    return this.get<TrailPageAnswer>(`?${pageParameters(query, limit, before)}`, signal);
  }

  /** @throws TrailRefusal */
  status(): Promise<TrailStatusAnswer> {
    return this.get<TrailStatusAnswer>('/status');
  }

  /** Verifies the whole trail, unless that has just been done. @throws TrailRefusal 404 when the server does not */
  verify(): Promise<VerificationAnswer> {
    return this.get<VerificationAnswer>('/verify');
  }

  signOut(): void {
    this.session.signOut();
  }

  private async get<T>(rest: string, signal?: AbortSignal): Promise<T> {
    const { token } = this.session;
    const response = await fetch(`${this.url}${rest}`, {
      cache: 'no-store',
      headers: {
        accept: 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(signal ? { signal } : {}),
    }).catch((error: unknown) => {
      if (signal?.aborted) throw error;
      throw new TrailRefusal(0, REFUSALS[0]!);
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok && typeof answer === 'object' && answer !== null) return answer as T;
    throw new TrailRefusal(response.status, refusalText(response.status, answer));
  }
}

function refusalText(status: number, answer: unknown): string {
  const { message } = (answer ?? {}) as { message?: unknown };
  // What is wrong with a search is said by the server, field by field.
  if (status === 400 && typeof message === 'string') return message;
  return REFUSALS[status] ?? `The server answered ${status}.`;
}
