import { get, type IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { EventStream } from '../harness/event-stream.js';
import { serverFrame, type ServerFrame } from '../harness/extended-client.js';
import { streamFrame } from '../harness/stream-client.js';
import { within } from './deadline.js';

/** How a client is connected. */
export interface Carrier {
  readonly open: boolean;
  /** Stops reading. */
  stall(): void;
  read(): void;
  /** Ends the connection: with a goodbye where there is one, or without. */
  leave(how: 'close' | 'terminate'): Promise<void>;
  /** Asks for an answer, which stands behind all that was written before it; over HTTP nobody can ask. */
  ping?(): void;
}

/** What a carrier tells its client. */
export interface Listener {
  /** @param text what was received, as it came */
  receive(frame: ServerFrame, text: string): void;
  closed(code: number): void;
}

export async function webSocketCarrier(url: string, listener: Listener): Promise<Carrier> {
  const socket = new WebSocket(url);
  socket.on('message', (data) => {
    const text = String(data);
    listener.receive(serverFrame(text), text);
  });
  socket.on('close', (code) => listener.closed(code));
  const opened = new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  await within(opened, 'a client connects');
  socket.on('error', () => {});
  return {
    get open() {
      return socket.readyState === WebSocket.OPEN;
    },
    stall: () => socket.pause(),
    read: () => socket.resume(),
    leave: async (how) => {
      if (socket.readyState === WebSocket.CLOSED) return;
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket[how]();
      await within(closed, 'a client leaves');
    },
    ping: () => socket.send('{"event":"ping"}'),
  };
}

/** @param cursor to resume with, as an `EventSource` does */
export async function httpCarrier(
  url: string,
  cursor: string | undefined,
  listener: Listener,
): Promise<Carrier> {
  const headers = cursor === undefined ? {} : { 'Last-Event-ID': cursor };
  const response = await within(
    new Promise<IncomingMessage>((resolve, reject) => {
      get(url, { headers, agent: false }, resolve).once('error', reject);
    }),
    'a client gets its stream',
  );
  if (response.statusCode !== 200) throw new Error(`refused with ${response.statusCode}`);
  let open = true;
  let code = 1006;
  const receive = (message: string, id: string | undefined): void => {
    const frame = streamFrame({
      ...(JSON.parse(message) as object),
      ...(id === undefined ? {} : { cursor: id }),
    });
    if (frame.type === 'closing') code = frame.data['code'] as number;
    listener.receive(frame, message);
  };
  const reader = readerOf(response.headers['content-type'] ?? '', receive);
  const gone = new Promise<void>((resolve) => {
    response.once('close', () => {
      open = false;
      listener.closed(code);
      resolve();
    });
  });
  response.on('error', () => {});
  response.setEncoding('utf8').on('data', reader);
  return {
    get open() {
      return open;
    },
    stall: () => void response.pause(),
    read: () => void response.resume(),
    leave: async (how) => {
      if (how === 'close') response.destroy();
      else response.socket.resetAndDestroy();
      // Who has stopped reading does not see the end either.
      response.resume();
      await within(gone, 'a client leaves');
    },
  };
}

function readerOf(
  type: string,
  receive: (message: string, id: string | undefined) => void,
): (text: string) => void {
  if (type.startsWith('text/event-stream')) {
    const events = new EventStream();
    return (text) => {
      for (const { data = '{"type":"heartbeat"}', id } of events.push(text)) receive(data, id);
    };
  }
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) receive(line, undefined);
  };
}
