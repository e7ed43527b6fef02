import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import { type Duplex } from 'node:stream';
import { noSlashAtEnd } from '../monitor.messages.js';
import { answerAsPlainRequest } from './plain-request.js';

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Marks listeners that are there only so that Node gives upgrades at all; shared with other copies of this package. */
const IDLE = Symbol.for('nestjs-log-stream:idle');

/**
 * Takes the upgrades of a few paths out of those of an HTTP server, and leaves all others to whoever listens, before or
 * after: listeners for upgrades end what they do not know (`ws` at once with 400, socket.io after a second), so that none
 * of them must see ours, and we must not be one of them.
 */
export class ServerUpgrades {
  private readonly paths = new Map<string, Upgrade>();
  private installed: (() => void) | undefined;

  constructor(private readonly server: Server) {}

  take(path: string, upgrade: Upgrade): void {
    this.paths.set(path, upgrade);
    this.installed ??= this.install();
  }

  leave(path: string): void {
    this.paths.delete(path);
    if (this.paths.size > 0) return;
    this.installed?.();
    this.installed = undefined;
  }

  /** @returns what takes it back */
  private install(): () => void {
    const { server } = this;
    const own = Object.getOwnPropertyDescriptor(server, 'emit');
    const before = server.emit;
    const emit = (event: string | symbol, ...rest: unknown[]): boolean =>
      (event === 'upgrade' && this.taken(...(rest as Parameters<Upgrade>))) ||
      Reflect.apply(before, server, [event, ...rest]);
    const idle = Object.assign(
      (...upgrade: Parameters<Upgrade>) => {
        const listeners = server.listeners('upgrade');
        // Where several are idle, the first one answers.
        if (listeners[0] === idle && listeners.every(isIdle)) answerAsPlainRequest(server, ...upgrade);
      },
      { [IDLE]: true },
    );
    Object.defineProperty(server, 'emit', { value: emit, configurable: true, writable: true });
    server.on('upgrade', idle);
    return () => {
      server.off('upgrade', idle);
      // Whoever has put something before ours keeps it, and with it ours, which has nothing to take any more.
      if (server.emit !== emit) return;
      if (own) Object.defineProperty(server, 'emit', own);
      else Reflect.deleteProperty(server, 'emit');
    };
  }

  private taken(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') return false;
    const path = pathOf(request);
    const upgrade = this.paths.get(path);
    if (upgrade) upgrade(request, socket, head);
    else if (path.endsWith('/') && this.paths.has(path.slice(0, -1))) refuseSlash(socket, path.slice(0, -1));
    else return false;
    return true;
  }
}

function isIdle(listener: object): boolean {
  return IDLE in listener && listener[IDLE] === true;
}

function refuseSlash(socket: Duplex, path: string): void {
  const body = `${noSlashAtEnd(path)}\n`;
  socket.on('error', () => {});
  // Nobody reads it any more: it would stay open for as long as the peer likes.
  socket.once('finish', () => socket.destroy());
  socket.end(
    `HTTP/1.1 404 ${STATUS_CODES[404]}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function pathOf({ url = '' }: IncomingMessage): string {
  // A proxy may send the whole URL (RFC 9112, section 3.2.2); who may watch is decided by the Host beside it all the same.
  return url.replace(/^(?:https?|wss?):\/\/[^/?]*/i, '').split('?', 1)[0]!;
}
