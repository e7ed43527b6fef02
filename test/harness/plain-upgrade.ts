import { connect } from 'node:net';

/** A request that asks to upgrade to something that nobody here speaks, as Java's HTTP client always does. */
export interface PlainUpgrade {
  readonly method?: string;
  readonly path: string;
  readonly host?: string;
  readonly protocol?: string;
  /** In the place of those that ask for the upgrade. */
  readonly headers?: string;
  readonly body?: string;
}

/**
 * What the server answers to such requests on one connection, one after the other, or all sent at once.
 *
 * @returns each answer as it came, its head and its body
 */
export async function answersTo(
  port: number,
  requests: readonly PlainUpgrade[],
  { pipelined = false } = {},
): Promise<string[]> {
  const socket = connect({ port, host: '127.0.0.1' });
  let received = '';
  let wake = (): void => {};
  socket.on('data', (bytes) => {
    received += bytes.toString('latin1');
    wake();
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const answers: string[] = [];
  const next = async (): Promise<void> => {
    for (;;) {
      const answer = firstAnswer(received);
      if (answer !== undefined) {
        received = received.slice(answer.length);
        answers.push(answer);
        return;
      }
      const woken = new Promise<void>((resolve) => (wake = resolve));
      // oxlint-disable-next-line no-await-in-loop -- until it is there
      if ((await Promise.race([woken, closed.then(() => 'closed')])) === 'closed') {
        throw new Error(`closed after ${answers.length} answers`);
      }
    }
  };
  try {
    for (const request of requests) {
      socket.write(textOf(request));
      // oxlint-disable-next-line no-await-in-loop -- one after the other is the case
      if (!pipelined) await next();
    }
    // oxlint-disable-next-line no-await-in-loop -- in their order
    while (answers.length < requests.length) await next();
  } finally {
    socket.destroy();
  }
  return answers;
}

function textOf({
  method = 'GET',
  path,
  host = '127.0.0.1',
  protocol = 'h2c',
  headers = `Connection: Upgrade, HTTP2-Settings\r\nUpgrade: ${protocol}`,
  body = '',
}: PlainUpgrade): string {
  return (
    `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n${headers}\r\n` +
    `HTTP2-Settings: AAMAAABkAAQAAP__\r\nSec-WebSocket-Version: 13\r\n` +
    `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}

function firstAnswer(received: string): string | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const length = Number(/^content-length: (\d+)/im.exec(received.slice(0, end))?.[1] ?? 0);
  const whole = end + 4 + length;
  return received.length < whole ? undefined : received.slice(0, whole);
}
