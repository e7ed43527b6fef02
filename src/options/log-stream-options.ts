import { type LoggerService } from '@nestjs/common';
import { type IncomingMessage } from 'node:http';
import { type Observable } from 'rxjs';
import { type Authorization } from '../wire/principal.js';
import { type AlertOptions } from './alert-options.js';
import { type CallerMode } from './caller-mode.js';
import { type RedactOptions } from './redact-options.js';
import { type TrailOptions } from './trail-options.js';

/** How much of the past is kept in memory, for replay and for clients that fall behind. */
export interface HistoryOptions {
  /**
   * Most records kept; the oldest goes first.
   * @default 10_000
   */
  records?: number;
  /**
   * Most memory that the kept records may take together, in bytes. It is taken in steps as it is needed. A line takes
   * about a byte for each character (two where one of them is beyond Latin-1) and some 30 besides.
   * @default 16_777_216 (16 MiB)
   */
  bytes?: number;
}

/** When records that are waiting are written to the sockets. The first after a silence goes out at once. */
export interface FlushOptions {
  /**
   * Time that records are gathered for under load, in milliseconds, 0 to 1000. Up to five times as long where
   * flushes would take more than 5 % of the time, as those to many clients.
   * @default 20
   */
  windowMs?: number;
  /**
   * Records gathered that cut a window short.
   * @default 256
   */
  records?: number;
  /**
   * Size of one write to a socket, in bytes; a larger flush is written in several. Records gathered that come to
   * about as much cut a window short.
   * @default 65_536
   */
  bytes?: number;
}

/** How often a client may send something. */
export interface MessageLimit {
  /**
   * Messages of one client that are answered within a window; one more ends the connection.
   * @default 50
   */
  count?: number;
  /**
   * Length of the window, in milliseconds, 100 to 3,600,000.
   * @default 10_000
   */
  windowMs?: number;
}

/** How often somebody may read the trail over HTTP. */
export interface ReadingLimit {
  /**
   * Pages of the trail that are answered within a window.
   * @default 120
   */
  count?: number;
  /**
   * Length of the window, in milliseconds, 100 to 3,600,000.
   * @default 60_000
   */
  windowMs?: number;
}

/** What clients may cost, all together and each. */
export interface LimitOptions {
  /**
   * Clients connected at one time, together with those about whom `authorize` has not decided. The next is refused
   * with 503.
   * @default 5_000
   */
  clients?: number;
  /**
   * The same for one address (of IPv6 for one /64 network, which is what one customer gets). The next is refused
   * with 429. Behind a reverse proxy all clients have the address of the proxy.
   * @default 2_000
   */
  clientsPerAddress?: number;
  /**
   * Largest message of a client, in bytes, 1,024 to 1,048,576; a larger one ends the connection with 1009.
   * @default 65_536
   */
  messageBytes?: number;
  /** How often a client may send something. */
  messages?: MessageLimit;
  /**
   * How long `authorize` may take, in milliseconds, 100 to 600,000; then the client is refused with 503.
   * @default 10_000
   */
  authorizeMs?: number;
  /**
   * A client whose socket has taken nothing for this long is closed, in milliseconds, 1,000 to 3,600,000. Looked
   * after every 5 s.
   * @default 30_000
   */
  stallMs?: number;
  /**
   * How often one principal, or without an `id` one address, may read the trail over HTTP: each reading is stored in it.
   * The next is refused with 429.
   */
  readings?: ReadingLimit;
}

/** The stream over HTTP, for where WebSockets cannot pass. */
export interface StreamOptions {
  /**
   * Path of the stream, with a leading slash; the app's global prefix is not put before it.
   * @default '/monitor/stream'
   */
  path?: string;
}

/** The dashboard: the page that a browser shows. */
export interface DashboardOptions {
  /**
   * Path of the page, with a leading slash; the app's global prefix is not put before it. Its files are below it, in
   * `assets/`.
   * @default '/monitor'
   */
  path?: string;
}

/** Which requests make a record at their end, and of what. */
export interface RequestOptions {
  /**
   * Tells also what stood behind the `?` of the address, as the field `query`; secrets are hidden as in any text.
   * @default false
   */
  query?: boolean;
  /** Requests that make no record, as those of a health check. Those of the monitor itself never do. */
  skip?: (request: IncomingMessage) => boolean;
}

/**
 * Decides who may watch, before the WebSocket handshake is answered:
 *
 * - `true` lets watch everything;
 * - a `Principal` says what may be seen, and until when: an object of its own, with at least one of its fields and no
 *   others. A user object is none: what restricts it might be named otherwise;
 * - `false` or nothing, a rejection and an exception refuse with 401, one with the `status` 403 (Nest's
 *   `ForbiddenException`) with 403;
 * - of an Observable the first value counts;
 * - anything else refuses with 401, and the log says why.
 *
 * @publicApi
 */
export interface Authorize {
  (request: IncomingMessage): Authorization | PromiseLike<Authorization> | Observable<Authorization>;
  /**
   * What a 401 asks for in `WWW-Authenticate`, as `['Basic realm="ops"']`, so that a browser asks for the password.
   * `basicAuth()`, `bearerToken()` and `anyOf()` bring theirs; a function of your own that calls them has none.
   */
  readonly challenges?: readonly string[];
}

/** A server of its own for the monitor: WebSocket, stream, dashboard and trail. */
export interface MonitorServerOptions {
  /** Port on the loopback address, 0 for any that is free: a line of the log says which. */
  port: number;
}

/**
 * Options of `LogStreamModule.forRoot()`. All are optional; a wrong one fails at start-up.
 *
 * @publicApi
 */
export interface LogStreamOptions {
  /**
   * Path of the WebSocket endpoint, with a leading slash.
   * @default '/ws/monitor'
   */
  path?: string;
  /**
   * The stream over HTTP, as Server-Sent Events or NDJSON: `false` for none. It is a route of the app beside its
   * controllers: guards, interceptors, pipes and the global prefix of the app do not apply to it; who may read it
   * is decided as for the WebSocket.
   * @default true
   */
  stream?: boolean | StreamOptions;
  /**
   * The dashboard: `false` for none. Routes of the app beside its controllers, as with `stream`; who may have the page
   * is decided as for the WebSocket.
   * @default true
   */
  dashboard?: boolean | DashboardOptions;
  /**
   * Serves the monitor on a port of its own, on the loopback address, in place of the app's HTTP server: for applications
   * that have none (microservices, application contexts), and where the app's own port is everybody's. Who may watch is
   * decided as ever. It does not keep the process alive.
   * @default on the app's HTTP server
   */
  monitor?: MonitorServerOptions;
  /**
   * A logger that takes the place of the app's own beside the stream; `false` for none.
   * @default the app's own, whose output does not change by a byte
   */
  logger?: LoggerService | false;
  /**
   * When the calling module, function and line are looked up, the dearest part of a log call (4 us in a loop, more in an
   * app):
   *
   * - `budget`: as long as all look-ups together take at most 2 % of the time, 5 % while somebody watches, and 5 % more
   *   for WARNING and above; without a bound while a plain client is connected, whose format has a caller in each line.
   *   A few hundred lines a second all have theirs; what is beyond that in a storm has none of the three fields.
   * - `always`; `watched`, only while somebody watches; `never`.
   * @default 'budget'
   */
  caller?: CallerMode;
  /**
   * Name of this process among several that are watched together.
   * @default '<host name>:<pid>'
   */
  instance?: string;
  /** Bounds of the in-memory history, or `false` to keep nothing once it was sent. */
  history?: HistoryOptions | false;
  /** When waiting records are written to the sockets. */
  flush?: FlushOptions;
  /**
   * Negotiates permessage-deflate; batches of extended clients are then compressed, once for all clients of a
   * group. Worth it on slow or metered networks.
   * @default false
   */
  compression?: boolean;
  /**
   * Called for every record; the fields that it returns become extra fields of the record (a request id, a
   * tenant). Fields that the log call itself passed win. It must answer at once: after a promise it is not
   * asked any more. What it throws is counted and otherwise ignored.
   * @default no fields
   */
  context?: () => object | undefined;
  /**
   * Gives every line that is logged while a request or a message is handled a `request_id`, and the ids of its trace
   * where there is one: extended clients and the trail have them, plain ones never. Off by default for what it costs a
   * request: docs/stories.md has the number.
   * @default false
   */
  story?: boolean;
  /**
   * One record at the end of each HTTP request, of the logger `http`: method, pattern of the route, status, duration, bytes
   * and actor. It goes to the console as every line does.
   * @default false
   */
  requests?: boolean | RequestOptions;
  /**
   * Decides who may watch. Without it, only this machine may: loopback peers that name a loopback host and
   * came through no proxy.
   */
  authorize?: Authorize;
  /**
   * Origins of web pages on other hosts that may connect, as `https://ops.example.com`. A page of the same host
   * always may; a client that sends no `Origin` is no browser and is left to `authorize`.
   * @default []
   */
  allowedOrigins?: readonly string[];
  /** What clients may cost. */
  limits?: LimitOptions;
  /**
   * What is hidden in records, or `false` to hide nothing.
   * @default {} (the default secret keys, and what looks like a secret)
   */
  redact?: RedactOptions | false;
  /**
   * Functions of the app's that are called when records match. While there are any, each record is looked at, as while
   * somebody watches.
   * @default []
   */
  alerts?: readonly AlertOptions[];
  /**
   * Keeps every audit record in a file, durable and tamper-evident. Needs Node 22.13 or later.
   * @default no trail
   */
  trail?: TrailOptions;
}

/** What only the dynamic module needs, not the providers. */
export interface LogStreamExtras {
  /**
   * Registers the module globally, so that every module can inject `AuditLogger` and `LogStream`.
   * @default true
   */
  isGlobal?: boolean;
}
