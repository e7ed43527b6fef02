import { ArgumentError } from './arguments.js';
import { TRAIL_UNREACHABLE, trailRefused } from './mcp.messages.js';

/** Milliseconds for the trail to answer: a verification answers after ten seconds how far it is. */
const PATIENCE_MS = 30_000;

/** Reads the routes of the audit trail. */
export class TrailReader {
  /** @param base address of the route that answers entries; user and password in it are given as its credentials */
  constructor(
    private readonly base: URL,
    private readonly token: string | undefined,
  ) {}

  /** @throws ArgumentError that says why there is no answer */
  async get(
    path: '' | '/verify',
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<object> {
    const url = new URL(this.base);
    url.username = url.password = '';
    url.pathname += path;
    url.search = new URLSearchParams(query).toString();
    const response = await fetch(url, {
      headers: this.headers(),
      // A credential is for the server that was named.
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    }).catch((cause: unknown) => {
      throw new ArgumentError(TRAIL_UNREACHABLE, { cause });
    });
    if (response.status === 400) throw new ArgumentError(await response.text());
    if (!response.ok) throw new ArgumentError(trailRefused(response.status, url.pathname));
    return (await response.json()) as object;
  }

  private headers(): Record<string, string> {
    const { username, password } = this.base;
    if (this.token) return { Authorization: `Bearer ${this.token}` };
    if (!username) return {};
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
  }
}
