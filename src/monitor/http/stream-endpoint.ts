import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse, STATUS_CODES } from 'node:http';
import { type Socket } from 'node:net';
import { LOG_STREAM_OPTIONS, type ResolvedLogStreamOptions } from '../../options/resolved-options.js';
import { MonitorGateway } from '../monitor.gateway.js';
import { type Gate } from '../access/gate.js';
import { EventStreamFormat } from './event-stream-format.js';
import { HttpSession } from './http-session.js';
import { NdjsonFormat } from './ndjson-format.js';
import { type StreamFormat } from './stream-format.js';
import { rawRoute } from './raw-route.js';
import { type Routes } from './routes.js';
import { preflightAnswer, removeCors, streamHeaders } from './stream-headers.js';
import { parseStreamRequest, type StreamFormatName, type StreamRequest } from './stream-request.js';

/** How a client left that was not told to go: over HTTP there is but one way to. */
const LEFT = 1_000;

/**
 * Serves the stream as the answer to a GET request. It is no controller: who may watch is decided by the monitor
 * alone, where a guard of the app would refuse its clients and an interceptor would wait for a stream to end.
 */
@Injectable()
export class StreamEndpoint {
  private readonly gate: Gate<StreamRequest> | undefined;
  private readonly formats: Readonly<Record<StreamFormatName, StreamFormat>>;
  /**
   * Connections on which a request of ours is being answered. HTTP/1.1 lets a client send hundreds more behind it at
   * once: each would become a client that costs memory, while the connection counts as one.
   */
  private readonly answered = new WeakSet<Socket>();

  constructor(
    @Inject(LOG_STREAM_OPTIONS) private readonly options: ResolvedLogStreamOptions,
    @Inject(MonitorGateway) private readonly monitor: MonitorGateway,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {
    const { text, source } = monitor.context;
    this.formats = {
      sse: new EventStreamFormat(text, source.cursors),
      ndjson: new NdjsonFormat(text, source.cursors),
    };
    const { stream } = options;
    this.gate = stream ? monitor.gateAt(stream.path, parseStreamRequest) : undefined;
  }

  /** Adds the route. To be called before the app's own are added: one for all paths would take what is ours. */
  mount(routes: Routes = this.host.httpAdapter): void {
    if (!this.options.stream) return;
    const { path } = this.options.stream;
    routes.get(
      path,
      rawRoute((request, response) => this.answer(request, response)),
    );
    routes.options(
      path,
      rawRoute((request, response) => this.preflight(request, response)),
    );
  }

  private preflight(request: IncomingMessage, response: ServerResponse): void {
    removeCors(response);
    const { status, headers } = preflightAnswer(request, this.options.allowedOrigins);
    response.writeHead(status, headers).end();
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    // Over HTTP/2 one connection carries many requests rightly, and Node bounds them. No client that means well does
    // this, and Node stops to read such a connection, so that its end would not be noticed either.
    if (request.httpVersionMajor === 1 && this.answered.has(socket)) return void socket.destroy();
    this.answered.add(socket);
    response.once('close', () => this.answered.delete(socket));
    void this.gate!.verify(request, (admitted, ...refusal) => {
      // The client has left meanwhile, or the app's own time limit has answered.
      if (response.destroyed || response.headersSent) return;
      try {
        if (admitted) this.open(request, response);
        else this.refuse(request, response, ...refusal);
      } catch {
        // What the app's middleware has put in place of the response's methods must not end the app.
        response.destroy();
      }
    });
  }

  private open(request: IncomingMessage, response: ServerResponse): void {
    const { asked, access } = this.gate!.admittedOf(request)!;
    const format = this.formats[asked.format];
    // Nobody can send another request behind a stream, and a shutdown need not wait for one.
    response.shouldKeepAlive = false;
    this.head(request, response, 200, { 'Content-Type': format.contentType });
    if (request.method === 'HEAD') return void response.end();
    const { sessions, counters, context } = this.monitor;
    const session = new HttpSession(response, format, asked, access, context);
    sessions.add(response, session);
    response.once('close', () => {
      counters.close(session.closeCode ?? LEFT);
      sessions.closed(response);
    });
  }

  private refuse(
    request: IncomingMessage,
    response: ServerResponse,
    status = 401,
    body = `${STATUS_CODES[status]}\n`,
    headers: OutgoingHttpHeaders = {},
  ): void {
    this.head(request, response, status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers });
    response.end(body);
  }

  private head(
    request: IncomingMessage,
    response: ServerResponse,
    status: number,
    headers: OutgoingHttpHeaders,
  ): void {
    removeCors(response);
    response.writeHead(status, { ...streamHeaders(request, this.options.allowedOrigins), ...headers });
  }
}
