import { type ClientOptions, WebSocket } from 'ws';
import { Arrivals } from './arrivals.js';

export interface Frame {
  readonly type: string;
  readonly data: Record<string, unknown>;
}

/** A stock `ws` client that remembers what it received and lets a test wait for it. */
export class MonitorClient implements AsyncDisposable {
  readonly texts: string[] = [];
  private readonly arrivals = new Arrivals();

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      this.texts.push(String(data));
      this.arrivals.note();
    });
    socket.once('close', () => this.arrivals.end());
  }

  static connect(url: string, options: ClientOptions = {}): Promise<MonitorClient> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url, options);
      const client = new MonitorClient(socket);
      socket.once('error', reject);
      socket.once('open', () => resolve(client));
    });
  }

  /** The HTTP status with which a connection is refused. */
  static refusal(url: string, options: ClientOptions = {}): Promise<number> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url, options);
      socket.once('open', () => reject(new Error('was not refused')));
      socket.once('unexpected-response', (request, response) => {
        resolve(response.statusCode ?? 0);
        request.destroy();
      });
      socket.once('error', () => {});
    });
  }

  get frames(): Frame[] {
    return this.texts.map((text) => JSON.parse(text) as Frame);
  }

  /** The first frame that matches, as soon as it is there. */
  async frame(matches: (frame: Frame) => boolean): Promise<Frame> {
    await this.until(() => this.frames.some(matches));
    return this.frames.find(matches)!;
  }

  /** The frame whose record has this message. */
  message(text: string): Promise<Frame> {
    return this.frame((frame) => frame.data['message'] === text);
  }

  /** Waits until that many frames have arrived. */
  async count(number: number): Promise<Frame[]> {
    await this.until(() => this.texts.length >= number);
    return this.frames;
  }

  until(condition: () => boolean): Promise<void> {
    return this.arrivals.until(condition);
  }

  closed(): Promise<{ code: number; reason: string }> {
    return new Promise((resolve) => {
      this.socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    const closed = this.closed();
    this.socket.close();
    await closed;
  }
}
