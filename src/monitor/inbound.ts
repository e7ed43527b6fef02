/** Messages of one client that are answered within {@link WINDOW_MS}; one more ends the connection. */
const MESSAGES_PER_WINDOW = 50;
const WINDOW_MS = 10_000;

/** Why a message of a client was not accepted. */
export interface ClientError {
  readonly code:
    'binary_message' | 'invalid_json' | 'invalid_message' | 'unknown_event' | 'too_many_messages';
  readonly message: string;
}

/** Checks what one client sends: every message gets an answer, and none is read past the limit. */
export class Inbound {
  private windowStart = -Infinity;
  private received = 0;

  /** @returns why the message is refused, with the `id` of the message where it had one */
  check(data: string | undefined, now: number = performance.now()): ClientError & { readonly id?: unknown } {
    if (!this.accepts(now)) {
      const message = `More than ${MESSAGES_PER_WINDOW} messages in ${WINDOW_MS / 1000} s.`;
      return { code: 'too_many_messages', message };
    }
    if (data === undefined) return { code: 'binary_message', message: 'Messages are JSON in text frames.' };
    const parsed = parse(data);
    if (!parsed) return { code: 'invalid_json', message: 'The message is not JSON.' };
    const { value } = parsed;
    if (
      typeof value !== 'object' ||
      value === null ||
      !('event' in value) ||
      typeof value.event !== 'string'
    ) {
      return {
        code: 'invalid_message',
        message: 'A message is an object { "event": string, "data"?, "id"? }.',
      };
    }
    const id = 'id' in value && ['string', 'number'].includes(typeof value.id) ? { id: value.id } : {};
    return { code: 'unknown_event', message: `There is no event '${value.event.slice(0, 64)}'.`, ...id };
  }

  private accepts(now: number): boolean {
    if (now - this.windowStart >= WINDOW_MS) {
      this.windowStart = now;
      this.received = 0;
    }
    this.received += 1;
    return this.received <= MESSAGES_PER_WINDOW;
  }
}

function parse(data: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(data) as unknown };
  } catch {
    return undefined;
  }
}
