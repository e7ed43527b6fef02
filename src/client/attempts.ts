import { EXPIRED } from '../wire/close-codes.js';
import { backoff, type ReconnectOptions } from './backoff.js';
import { type ConnectionEnd, isHopeless, leaveAlone } from './connection-end.js';
import { type ConnectionState } from './connection-state.js';
import { type Renewal } from './credential.js';
import { type LogStreamError } from './log-stream-error.js';

/** What became of one attempt. */
export interface AttemptOutcome {
  readonly error: LogStreamError;
  /** Missing when it did not get as far as a connection. */
  readonly end?: ConnectionEnd;
  /** The server has greeted. */
  readonly greeted?: boolean;
  /** Something of use has come over the connection. */
  readonly productive?: boolean;
}

/** Connects again and again, as long as there is hope. */
export class Attempts {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private wake: (() => void) | undefined;
  private stopped = false;

  constructor(
    private readonly reconnect: boolean | ReconnectOptions,
    private readonly renewal: Renewal,
    private readonly attempt: () => Promise<AttemptOutcome>,
    private readonly become: (state: ConnectionState) => void,
  ) {}

  /** @returns why there will be no further attempt; nothing when it was stopped */
  async run(): Promise<LogStreamError | undefined> {
    const rules = typeof this.reconnect === 'object' ? this.reconnect : {};
    const most = this.reconnect ? (rules.attempts ?? Number.POSITIVE_INFINITY) : 1;
    let refused = false;
    let worked = false;
    for (let failures = 0; ;) {
      this.become({ name: 'connecting', attempt: failures + 1 });
      const { error, end, greeted = false, productive } = await this.attempt();
      if (this.stopped) return undefined;
      worked ||= greeted;
      failures = productive ? 1 : failures + 1;
      // Who got a new credential, and was refused with it as well, has none. What goes along by itself may have been
      // renewed meanwhile where the permission was for a time: the server lets in only whom it knows for longer.
      const renewable =
        this.renewal === 'asked' ? !refused : this.renewal === 'ambient' && end?.code === EXPIRED;
      refused = end?.status === 401;
      const hopeless = end ? isHopeless(end, { renewable, worked }) : error.code === 'no_web_socket';
      if (hopeless || failures >= most) return error;
      const ms = backoff(failures, rules) + (end ? leaveAlone(end) : 0);
      this.become({ name: 'waiting', at: Date.now() + ms, attempt: failures + 1, error });
      await this.wait(ms);
      if (this.stopped) return undefined;
    }
  }

  /** Waits no longer. */
  hurry(): void {
    clearTimeout(this.timer);
    this.wake?.();
  }

  stop(): void {
    this.stopped = true;
    this.hurry();
  }

  private wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
      this.timer = setTimeout(resolve, ms);
      // Its listeners may have stopped it on hearing that it waits.
      if (this.stopped) this.hurry();
    });
  }
}
