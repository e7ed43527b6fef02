import { once } from 'node:events';
import { connect } from 'node:net';
import { BatchCounter } from './batch-counter.mjs';
import { FrameCounter } from './frame-counter.mjs';
import { LatencyCounter } from './latency-counter.mjs';

/** Shared by all: what was read is counted before the next read. */
const READ_BUFFER = Buffer.allocUnsafe(256 * 1024);

/** Answers to a ping and to a handshake, masked with zeros as RFC 6455, section 5.3 lets a client choose. */
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

/** How a client counts lines, by the `counts` of the handshake. */
const COUNTERS = {
  frames: (handshake) => new FrameCounter(handshake?.welcomes),
  batches: () => new BatchCounter(),
  latencies: () => new LatencyCounter(),
};

/** A bare socket that speaks as much WebSocket as it takes to watch, and counts. */
export class Client {
  bytes = 0;
  closed = false;
  /** When something was read last, by `performance.now()`. */
  lastRead = 0;
  counter;
  #head = '';
  #upgraded;
  #before = 0;
  #greeting;
  #socket;

  constructor(port, handshake) {
    this.#upgraded = !handshake;
    this.counter = COUNTERS[handshake?.counts ?? 'frames'](handshake);
    const onread = {
      buffer: READ_BUFFER,
      callback: (length, buffer) => this.#read(buffer.subarray(0, length)),
    };
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
    this.#socket.on('error', () => this.#socket.destroy());
    this.#socket.on('close', () => (this.closed = true));
    if (handshake) this.#socket.write(upgradeRequest(port, handshake));
    if (handshake?.greeting) this.#greeting = textFrame(handshake.greeting);
  }

  /** Lines that arrived since {@link mark}. */
  get lines() {
    return this.counter.lines - this.#before;
  }

  /** Counts from here on. */
  mark() {
    this.#before = this.counter.lines;
    this.bytes = 0;
  }

  /** True when the next thing that comes is a line. */
  get ready() {
    return this.#upgraded && this.counter.ready && !this.#socket.connecting;
  }

  /** Reads nothing any more, as a client that hangs. */
  stall() {
    this.#socket.pause();
  }

  async close() {
    if (this.closed) return;
    this.#socket.destroy();
    await once(this.#socket, 'close');
  }

  #read(chunk) {
    this.lastRead = performance.now();
    if (this.#upgraded) return this.#count(chunk);
    this.#head += chunk.toString('latin1');
    const end = this.#head.indexOf('\r\n\r\n');
    if (end < 0) return true;
    if (!this.#head.startsWith('HTTP/1.1 101 ')) this.#socket.destroy();
    this.#upgraded = true;
    if (this.#greeting) this.#socket.write(this.#greeting);
    return this.#count(Buffer.from(this.#head.slice(end + 4), 'latin1'));
  }

  #count(chunk) {
    this.bytes += chunk.length;
    const { pings } = this.counter;
    this.counter.read(chunk);
    if (this.counter.pings > pings) this.#socket.write(PONG);
    return true;
  }
}

function upgradeRequest(port, { path, deflate }) {
  return [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...(deflate ? ['Sec-WebSocket-Extensions: permessage-deflate'] : []),
    '\r\n',
  ].join('\r\n');
}

function textFrame(text) {
  const payload = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}
