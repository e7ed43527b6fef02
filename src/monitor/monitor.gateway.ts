import { Inject, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type OnGatewayConnection, type OnGatewayDisconnect, type OnGatewayInit } from '@nestjs/websockets';
import { type IncomingMessage } from 'node:http';
import { type WebSocket, type WebSocketServer } from 'ws';
import { LOG_STREAM_OPTIONS, type ResolvedLogStreamOptions } from '../options/resolved-options.js';
import { LogStream } from '../stream/log-stream.js';
import { type RecordSource } from '../stream/record-source.js';
import { FanOut } from '../subscription/fan-out.js';
import { selectSubprotocol } from './access/subprotocol.js';
import { Admission } from './access/admission.js';
import { BatchFraming } from './protocol/batch-framing.js';
import { ClientSessions } from './session/client-sessions.js';
import { type ConnectionRequest, parseConnection } from './protocol/connection-request.js';
import { type MonitorContext } from './session/monitor-context.js';
import { MONITOR_GATEWAY } from './gateway-mark.js';
import { MonitorCounters } from './monitor-counters.js';
import { foreignAdapter, pathTaken } from './monitor.messages.js';
import { Firings } from './session/firings.js';
import { PATIENCE_MS } from './session/farewell.js';
import { PlainFraming } from './protocol/plain-framing.js';
import { ProductionRates } from './session/production-rates.js';
import { RecordText } from './protocol/record-text.js';
import { WebSocketSession } from './socket/web-socket-session.js';
import { WEB_SOCKET_PACKAGES, type WebSocketPackages } from './socket/web-socket-packages.js';
import { type LogRecord } from '../record/log-record.js';
import { type AlertData } from '../wire/alert.js';
import { type ServerMessage } from '../wire/server-message.js';
import { Gate, type GateAnswer } from './access/gate.js';

/** Most fragments of one message of a client; `ws` alone allows 16,384. */
const FRAGMENTS = 1_024;

/**
 * Serves the stream on one WebSocket path: follows the clients' connects and disconnects, and subscribes each
 * to the categorized stream.
 *
 * @publicApi
 */
export class MonitorGateway
  implements OnGatewayInit, OnGatewayConnection, OnGatewayDisconnect, OnModuleInit, BeforeApplicationShutdown
{
  /** @internal for the metrics */
  readonly counters = new MonitorCounters();
  /** @internal for the metrics */
  readonly fanOut: FanOut;
  /** @internal of the server of WebSockets */
  readonly serverOptions: Readonly<Record<string, unknown>>;
  /** @internal for the stream over HTTP */
  readonly context: MonitorContext;
  /** @internal for the stream over HTTP */
  readonly sessions: ClientSessions;
  private readonly gate: Gate<ConnectionRequest>;
  private readonly gates: Gate[] = [];
  private readonly verifyClient: (info: { req: IncomingMessage }, answer: GateAnswer) => void;
  private readonly path: string;
  private server: unknown;

  /** @internal */
  constructor(
    @Inject(LOG_STREAM_OPTIONS) options: ResolvedLogStreamOptions,
    @Inject(LogStream) source: RecordSource,
    @Inject(Admission) private readonly admission: Admission,
    @Inject(WEB_SOCKET_PACKAGES) { WebSocketGateway }: WebSocketPackages,
  ) {
    this.path = options.path;
    this.fanOut = new FanOut(source, options.flush);
    this.gate = this.gateAt(options.path, ({ url }) => parseConnection(url ?? ''));
    this.verifyClient = ({ req }, answer) => void this.gate.verify(req, answer);
    const text = new RecordText();
    this.context = {
      source,
      fanOut: this.fanOut,
      text,
      framings: {
        plain: new PlainFraming(text),
        batch: new BatchFraming(text, source.cursors, false),
        compressedBatch: new BatchFraming(text, source.cursors, true),
      },
      rates: new ProductionRates(source),
      firings: new Firings(),
      counters: this.counters,
      instance: options.instance,
      limits: options.limits,
    };
    this.sessions = new ClientSessions(this.context);
    // That it is a gateway, and its path, is metadata of its class, read after construction: `monitorGateway()` makes a
    // class per module, so that each gets the path of its own options.
    this.serverOptions = {
      // `ws` alone would take 100 MiB.
      maxPayload: options.limits.messageBytes,
      // An unfinished message is kept in its fragments, each of which costs more than its bytes.
      maxFragments: FRAGMENTS,
      // `ws` alone would cut off who pings too much, without a word; we count pings ourselves.
      maxPendingAutoPongs: 0,
      // `ws` alone would cut off after 30 s who has not answered a close, whatever is still to be read before it.
      closeTimeout: 2 * PATIENCE_MS,
      handleProtocols: selectSubprotocol,
      // Messages that stand alone can be shared by all clients, and no client costs a compressor of its own.
      perMessageDeflate: options.compression && {
        serverNoContextTakeover: true,
        clientNoContextTakeover: true,
      },
      verifyClient: this.verifyClient,
    };
    WebSocketGateway({ ...this.serverOptions, path: options.path, [MONITOR_GATEWAY]: true })(new.target);
  }

  /** Number of connected clients. */
  get clients(): number {
    return this.sessions.size;
  }

  /**
   * @internal Makes what answers those who ask to watch at a path: all share the clients' limits, are told of
   * revocations, and turn everybody away once the application shuts down.
   */
  gateAt<Asked>(path: string, parse: (request: IncomingMessage) => Asked): Gate<Asked> {
    const gate = new Gate(this.admission, path, this.counters, parse);
    this.gates.push(gate);
    return gate;
  }

  /**
   * Ends all connections of one principal, as after its user was blocked. `authorize` decides whether it may come
   * back, also with a ticket that was issued before.
   *
   * @param id as `authorize` answered it
   * @returns how many connections were ended
   */
  revoke(id: string): number {
    for (const gate of this.gates) gate.revoke(id);
    return this.sessions.revoke(id);
  }

  /** @internal Sends a message to all extended clients that see audit records. */
  announce(message: ServerMessage): void {
    this.sessions.announce(message);
  }

  /** @internal Tells of an alert to all extended clients that may see the record that made it fire. */
  tellAlert(data: AlertData, record: LogRecord): void {
    this.sessions.tellAlert({ data, record });
  }

  /** @internal Sends everything that was logged. @returns whether all clients have taken it within that time */
  handOver(timeoutMs: number): Promise<boolean> {
    return this.sessions.handOver(timeoutMs);
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

  /** @param client a `WebSocket` of the `ws` package, whose types a user of this one need not have */
  handleConnection(client: object, request?: IncomingMessage): void {
    const admitted = request && this.gate.admittedOf(request);
    // Came past the verifier, whatever way that is: nobody decided that it may watch.
    if (!admitted) return (client as WebSocket).terminate();
    const socket = client as WebSocket;
    const session = new WebSocketSession(socket, admitted.asked, admitted.access, this.context, () =>
      this.sessions.alive(session),
    );
    this.sessions.add(socket, session);
    // What it was told is why it has gone, also where it did not read it.
    socket.once('close', (code) => this.counters.close(session.closeCode ?? code));
  }

  handleDisconnect(client: object): void {
    this.sessions.closed(client as WebSocket);
  }

  /**
   * Runs before the adapter cuts all connections: sends what is waiting, to those that are behind for at most 3 s, then
   * says goodbye, and waits at most 1 s for the answer.
   */
  async beforeApplicationShutdown(): Promise<void> {
    for (const gate of this.gates) gate.close();
    await this.sessions.shutdown();
  }
}

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
