import { type AlertData, type LogStreamItem } from '../../../client/index.js';
import { EXTENDED_CLOSE_CODES } from '../../../wire/close-codes.js';
import { linesOf } from './lines-of.js';
import { itemReader } from './ndjson-items.js';

/** A heartbeat comes every 15 s: after this long without a word there is nobody, in milliseconds. */
const SILENCE_MS = 40_000;

/** Longest wait between two attempts, in milliseconds. */
const LONGEST_WAIT_MS = 30_000;

/** Close codes from here on: another attempt would end the same way, but for a permission that has been renewed. */
const FINAL = 4_500;

/** Who a stream over HTTP works for. */
export interface HttpStreamOwner {
  /** Where it goes on, or what it begins with, as parameters of the stream. */
  readonly from: () => string[][];
  /** Sent as a header, never in the URL. */
  readonly token: () => string | undefined;
  readonly receive: (item: LogStreamItem) => void;
  readonly alert: (alert: AlertData) => void;
  /** The server answers. */
  readonly began: () => void;
  /** There is no stream at the moment. */
  readonly lost: () => void;
  /** Who asks may not watch, or no longer. */
  readonly refused: () => void;
}

/** The stream of the monitor over HTTP, for where no WebSocket gets through. */
export class HttpStream {
  private readonly stopped = new AbortController();

  constructor(
    private readonly url: string,
    private readonly owner: HttpStreamOwner,
    private readonly request: typeof fetch = (...args) => fetch(...args),
  ) {}

  /** Reads, again and again, until it is stopped or refused. */
  async run(): Promise<void> {
    for (let failures = 0; !this.stopped.signal.aborted;) {
      const end = await this.read();
      if (this.stopped.signal.aborted) return;
      if (end === 'refused') return this.owner.refused();
      this.owner.lost();
      failures = end === 'read' ? 1 : failures + 1;
      await this.wait(Math.random() * Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** failures));
    }
  }

  stop(): void {
    this.stopped.abort();
  }

  /** One answer, to its end. */
  private async read(): Promise<'read' | 'failed' | 'refused'> {
    const attempt = new AbortController();
    const abort = (): void => attempt.abort();
    this.stopped.signal.addEventListener('abort', abort);
    let silence = setTimeout(abort, SILENCE_MS);
    let began = false;
    try {
      const response = await this.ask(attempt.signal);
      if (response.status === 401 || response.status === 403) return 'refused';
      if (!response.ok || !response.body) return 'failed';
      const itemsOf = itemReader();
      for await (const line of linesOf(response.body)) {
        clearTimeout(silence);
        silence = setTimeout(abort, SILENCE_MS);
        if (!began) this.owner.began();
        began = true;
        const read = itemsOf(line);
        if (
          read.closing !== undefined &&
          read.closing >= FINAL &&
          read.closing !== EXTENDED_CLOSE_CODES.expired
        )
          return 'refused';
        if (read.alert) this.owner.alert(read.alert);
        for (const item of read.items) this.owner.receive(item);
      }
    } catch {
      // It was cut, or nobody answers: the next attempt tells.
    } finally {
      clearTimeout(silence);
      this.stopped.signal.removeEventListener('abort', abort);
      attempt.abort();
    }
    return began ? 'read' : 'failed';
  }

  private ask(signal: AbortSignal): Promise<Response> {
    const token = this.owner.token();
    return this.request(`${this.url}?${String(new URLSearchParams(this.owner.from()))}`, {
      cache: 'no-store',
      headers: {
        accept: 'application/x-ndjson',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      signal,
    });
  }

  private wait(ms: number): Promise<void> {
    const { signal } = this.stopped;
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done);
    });
  }
}
