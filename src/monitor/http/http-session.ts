import { type ServerResponse } from 'node:http';
import { type Access } from '../access/access.js';
import { ClientSession } from '../session/client-session.js';
import { type Farewell } from '../session/farewell.js';
import { type ConnectionRequest } from '../protocol/connection-request.js';
import { type MonitorContext } from '../session/monitor-context.js';
import { HttpTransport } from './http-transport.js';
import { type StreamFormat } from './stream-format.js';

/** Every third pulse, 15 s: proxies and EventSource polyfills drop what is silent for longer. */
const PULSES_PER_HEARTBEAT = 3;

/** A client that reads the response to its request: it can only listen. */
export class HttpSession extends ClientSession {
  private readonly http: HttpTransport;
  private pulses = 0;

  constructor(
    response: ServerResponse,
    format: StreamFormat,
    request: ConnectionRequest,
    access: Access,
    context: MonitorContext,
  ) {
    const http = new HttpTransport(
      response,
      format,
      request.replay !== undefined && 'after' in request.replay,
    );
    super(http, { ...request, extended: true }, access, context);
    this.http = http;
  }

  /** The end of a response says as much as a code: nobody comes back to read one, and a vanished peer never would. */
  override close(farewell: Farewell): void {
    super.close({ ...farewell, patienceMs: 0 });
  }

  override pulse(): void {
    this.pulses += 1;
    if (this.pulses % PULSES_PER_HEARTBEAT === 0 && !this.congested) this.http.heartbeat(this.cursor);
  }
}
