import { Inject, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import {
  WebSocketGateway,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
} from '@nestjs/websockets';
import { type IncomingMessage } from 'node:http';
import { type WebSocket, type WebSocketServer } from 'ws';
import { LOG_STREAM_OPTIONS, type ResolvedLogStreamOptions } from '../options/resolved-options.js';
import { LogStream } from '../stream/log-stream.js';
import { FanOut } from '../subscription/fan-out.js';
import { Admission } from './admission.js';
import { ClientSession } from './client-session.js';
import { CLOSE_CODES } from './close-codes.js';
import { Heartbeat } from './heartbeat.js';
import { foreignAdapter, pathTaken } from './monitor.messages.js';
import { PlainFraming } from './plain-framing.js';
import { RefusalLog } from './refusal-log.js';

/** Largest message that a client may send, in bytes. `ws` alone would take 100 MiB. */
const MAX_MESSAGE_BYTES = 65_536;

/** How long clients have to answer the goodbye of a shutdown, in milliseconds. */
const CLOSE_DEADLINE_MS = 1_000;

/** HTTP status for who comes while the application shuts down. */
const SERVICE_UNAVAILABLE = 503;

/** Marks the options of this gateway, so that an adapter of several servers knows it. */
export const MONITOR_GATEWAY: unique symbol = Symbol('nestjs-log-stream:monitor');

/**
 * Serves the stream on one WebSocket path: follows the clients' connects and disconnects, and subscribes each
 * to the categorized stream.
 *
 * @publicApi
 */
@WebSocketGateway({ path: '/ws/monitor' })
export class MonitorGateway
  implements OnGatewayInit, OnGatewayConnection, OnGatewayDisconnect, OnModuleInit, BeforeApplicationShutdown
{
  private readonly sessions = new Map<WebSocket, ClientSession>();
  private readonly heartbeat = new Heartbeat();
  private readonly fanOut: FanOut;
  private readonly admission: Admission;
  private readonly refusals: RefusalLog;
  private readonly path: string;
  /** Upgrades that `authorize` has not decided yet. */
  private readonly undecided = new Set<VerifyAnswer>();
  private readonly verifyClient = (info: { req: IncomingMessage }, answer: VerifyAnswer): void =>
    void this.verify(info.req, answer);
  private closing = false;
  private server: unknown;

  constructor(
    @Inject(LOG_STREAM_OPTIONS) options: ResolvedLogStreamOptions,
    @Inject(LogStream) stream: LogStream,
  ) {
    this.path = options.path;
    this.fanOut = new FanOut(stream, new PlainFraming(), options.flush);
    this.admission = new Admission(options);
    this.refusals = new RefusalLog(options.path);
    // A gateway's path is metadata of its class, read after construction: `monitorGateway()` makes a class per
    // module, so that each gets the path of its own options.
    WebSocketGateway({
      path: options.path,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      verifyClient: this.verifyClient,
      [MONITOR_GATEWAY]: true,
    })(new.target);
  }

  /** Number of connected clients. */
  get clients(): number {
    return this.sessions.size;
  }

  afterInit(server: unknown): void {
    this.server = server;
  }

  /** @throws Error when the server speaks something else than plain WebSockets, or is not the monitor's own */
  onModuleInit(): void {
    if (this.server === undefined) return;
    if (!isWebSocketServer(this.server)) throw new Error(foreignAdapter(this.path));
    // Gateways on one path share the server of the first, with its options: anybody might watch.
    if (this.server.options.verifyClient !== this.verifyClient) throw new Error(pathTaken(this.path));
  }

  handleConnection(client: WebSocket): void {
    const session = new ClientSession(client, this.fanOut, (alive) => this.heartbeat.alive(alive));
    this.sessions.set(client, session);
    this.heartbeat.add(session);
  }

  handleDisconnect(client: WebSocket): void {
    const session = this.sessions.get(client);
    if (!session) return;
    this.sessions.delete(client);
    this.heartbeat.remove(session);
    session.end();
  }

  /** Runs before the adapter cuts all connections: sends what is waiting, then says goodbye. */
  async beforeApplicationShutdown(): Promise<void> {
    this.closing = true;
    // The HTTP server does not close before its last connection.
    for (const answer of this.undecided) answer(false, SERVICE_UNAVAILABLE);
    this.undecided.clear();
    this.fanOut.flush();
    const closed = [...this.sessions].map(
      ([client, session]) =>
        new Promise<void>((resolve) => {
          const deadline = setTimeout(() => session.gone(), CLOSE_DEADLINE_MS);
          client.once('close', () => {
            clearTimeout(deadline);
            resolve();
          });
          session.close(CLOSE_CODES.goingAway, 'the application shuts down');
        }),
    );
    await Promise.all(closed);
  }

  private async verify(request: IncomingMessage, answer: VerifyAnswer): Promise<void> {
    if (this.closing) return answer(false, SERVICE_UNAVAILABLE);
    this.undecided.add(answer);
    const verdict = await this.admission.decide(request);
    // The shutdown did not wait.
    if (!this.undecided.delete(answer)) return;
    if (verdict.admitted) return answer(true);
    answer(false, verdict.status);
    this.refusals.note(verdict);
  }
}

type VerifyAnswer = (admitted: boolean, status?: number) => void;

/**
 * Makes a gateway class of its own for one module: the path is metadata of the class, and two apps in one
 * process must not share it.
 */
export function monitorGateway(): typeof MonitorGateway {
  return class extends MonitorGateway {};
}

function isWebSocketServer(server: unknown): server is WebSocketServer {
  return typeof server === 'object' && server !== null && 'handleUpgrade' in server && 'options' in server;
}
