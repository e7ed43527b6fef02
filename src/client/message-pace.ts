import { type LimitsData } from '../wire/server-message.js';

/** How much of the server's limit is used: what the network delays may arrive together with what follows. */
const SHARE = 0.8;

interface Outgoing {
  readonly text: string;
  readonly reserve: number;
}

/**
 * Sends no more than the server takes: it closes for good on who sends too much. A message that would be too many waits,
 * and leaves others their share, so that `pause` need never wait behind a hundred requests.
 */
export class MessagePace {
  private sent: number[] = [];
  private waiting: Outgoing[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly limit: number;
  private readonly windowMs: number;

  constructor(
    limits: Pick<LimitsData, 'messages' | 'messages_window_ms'>,
    private readonly write: (text: string) => void,
  ) {
    this.limit = Math.max(1, Math.floor(limits.messages * SHARE));
    this.windowMs = limits.messages_window_ms / SHARE;
  }

  /** @param reserve part of the limit that must be left for others afterwards, 0 to 1 */
  send(text: string, reserve: number): void {
    this.waiting.push({ text, reserve });
    this.flush();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.waiting = [];
  }

  private flush(): void {
    clearTimeout(this.timer);
    const now = performance.now();
    this.sent = this.sent.filter((at) => at > now - this.windowMs);
    this.waiting = this.waiting.filter(({ text, reserve }) => {
      if (this.sent.length >= Math.max(1, this.limit * (1 - reserve))) return true;
      this.sent.push(now);
      this.write(text);
      return false;
    });
    if (this.waiting.length === 0) return;
    this.timer = setTimeout(() => this.flush(), this.sent[0]! + this.windowMs - now + 1);
  }
}
