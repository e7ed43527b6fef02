import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a client and an app: cuts connections anywhere, also in the middle of a frame or of the handshake. */
export class CuttingProxy implements AsyncDisposable {
  /** Connections that were made so far. */
  connections = 0;
  /** Whether new connections are closed at once. */
  refusing = false;
  private readonly sockets = new Set<Socket>();
  private left = Number.POSITIVE_INFINITY;
  private stalled = false;

  private constructor(
    private readonly server: Server,
    private target: number,
  ) {
    server.on('connection', (client) => this.join(client));
  }

  static async before(port: number): Promise<CuttingProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new CuttingProxy(server, port);
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}/ws/monitor`;
  }

  /** Open connections. */
  get open(): number {
    return this.sockets.size / 2;
  }

  /** Sends new connections to another app. */
  lead(port: number): void {
    this.target = port;
  }

  /** Cuts all connections now. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  /** Cuts all connections once so many more bytes have gone to clients. */
  cutAfter(bytes: number): void {
    this.left = bytes;
  }

  /** Passes nothing on to clients any more, and does not say so: half-open, as after a laptop was closed. */
  stall(): void {
    this.stalled = true;
  }

  /** Passes on again what comes over new connections. */
  resume(): void {
    this.stalled = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(client: Socket): void {
    this.connections += 1;
    if (this.refusing) return void client.destroy();
    const app = connect(this.target, '127.0.0.1');
    this.pair(client, app);
    this.pair(app, client);
    client.on('data', (bytes) => app.write(bytes));
    app.on('data', (bytes: Buffer) => {
      if (this.stalled) return;
      client.write(bytes.subarray(0, this.left));
      this.left -= bytes.length;
      if (this.left > 0) return;
      this.left = Number.POSITIVE_INFINITY;
      // Ends, so that the bytes before the cut do arrive.
      client.end();
      app.destroy();
    });
  }

  private pair(socket: Socket, other: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.sockets.delete(socket);
      other.destroy();
    });
  }
}
