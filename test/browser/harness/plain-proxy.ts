import { createServer, request, type Server } from 'node:http';
import { type AddressInfo, type Socket } from 'node:net';

/** A reverse proxy that knows nothing of WebSockets, as nginx without its two lines: it drops `Upgrade`. */
export class PlainProxy implements AsyncDisposable {
  private readonly sockets = new Set<Socket>();
  private upgrades = false;

  private constructor(private readonly server: Server) {}

  static async before(port: number): Promise<PlainProxy> {
    const server = createServer((incoming, outgoing) => {
      const { upgrade: _, connection: __, ...headers } = incoming.headers;
      const asked = request({ port, path: incoming.url, method: incoming.method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(outgoing);
      });
      asked.on('error', () => outgoing.destroy());
      outgoing.on('close', () => asked.destroy());
      incoming.pipe(asked);
    });
    const proxy = new PlainProxy(server);
    server.on('connection', (socket) => {
      proxy.sockets.add(socket);
      socket.on('close', () => proxy.sockets.delete(socket));
    });
    server.on('upgrade', (incoming, socket: Socket, head: Buffer) => {
      if (!proxy.upgrades) return socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n');
      const asked = request({ port, path: incoming.url, headers: incoming.headers });
      asked.on('upgrade', (answer, upstream, first: Buffer) => {
        const lines = answer.rawHeaders
          .map((text, index) => (index % 2 ? `${text}\r\n` : `${text}: `))
          .join('');
        socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines}\r\n`);
        socket.write(first);
        upstream.write(head);
        socket.pipe(upstream).pipe(socket);
        upstream.on('error', () => socket.destroy());
        socket.on('error', () => upstream.destroy());
      });
      asked.end();
      return undefined;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Somebody adds the two lines. */
  passUpgrades(): void {
    this.upgrades = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
