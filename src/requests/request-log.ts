import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { onResponseEnd, type ResponseEnd } from '../audit/call/response-end.js';
import { toActor } from '../audit/describe/actor.js';
import { readPath, readText } from '../audit/describe/read-path.js';
import { LogStreamLogger } from '../logger/log-stream-logger.js';
import { LOG_STREAM_OPTIONS, type ResolvedLogStreamOptions } from '../options/resolved-options.js';
import { type NestLogLevel } from '../record/log-call.js';
import { currentStory, tell } from '../story/current-story.js';
import { type FastifyHook, onFastifyRequest } from '../story/fastify-hook.js';
import { aborted, answered } from './requests.messages.js';

/** What is known when a request comes, for its record. */
interface Begun {
  readonly at: number;
  /** Written to its connection before, which others may have used. */
  readonly bytes: number;
}

/** With the option `requests`: one record at the end of each HTTP request, in the story of that request. */
@Injectable()
export class RequestLog implements OnModuleInit, OnApplicationShutdown {
  private readonly options: ResolvedLogStreamOptions['requests'];
  private readonly own: readonly string[];
  /** Fastify's request, which knows the route and the user, by Node's. */
  private readonly known = new WeakMap<IncomingMessage, object>();
  private server: Server | undefined;

  constructor(
    @Inject(LOG_STREAM_OPTIONS) options: ResolvedLogStreamOptions,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(LogStreamLogger) private readonly logger: LogStreamLogger,
  ) {
    this.options = options.requests;
    const routes = [options.stream, options.dashboard, options.trail].map((route) => route && route.path);
    this.own = routes.filter((path) => typeof path === 'string');
    if (this.options) onFastifyRequest(host, this.remember);
  }

  onModuleInit(): void {
    const server: unknown = readPath(this.host, 'httpAdapter', 'httpServer');
    if (!this.options || typeof readPath(server, 'prependListener') !== 'function') return;
    this.server = server as Server;
    this.server.prependListener('request', this.begin);
  }

  onApplicationShutdown(): void {
    this.server?.removeListener('request', this.begin);
  }

  private readonly remember: FastifyHook = (request, _, done) => {
    this.known.set(request.raw, request);
    done();
  };

  private readonly begin = (request: IncomingMessage, response: ServerResponse): void => {
    if (this.isLeftOut(request)) return;
    const begun = { at: performance.now(), bytes: bytesOf(request) };
    const story = currentStory();
    onResponseEnd(response, (end) => {
      const write = (): void => this.write(request, response, begun, end);
      if (story) tell(story, write);
      else write();
    });
  };

  private isLeftOut(request: IncomingMessage): boolean {
    const path = request.url?.split('?', 1)[0] ?? '';
    if (this.own.some((own) => path === own || path.startsWith(`${own}/`))) return true;
    try {
      return this.options !== false && this.options.skip?.(request) === true;
    } catch {
      return false;
    }
  }

  private write(request: IncomingMessage, response: ServerResponse, begun: Begun, end: ResponseEnd): void {
    const seen = this.known.get(request) ?? request;
    const method = request.method ?? '';
    const route = readText(seen, 'routeOptions', 'url') ?? readText(seen, 'route', 'path');
    const { status, isFinished } = end;
    this.logger.write({
      level: levelOf(end),
      context: 'http',
      message: isFinished ? answered(method, route, status) : aborted(method, route),
      params: {
        method,
        ...(route !== undefined && { route }),
        ...(this.options && this.options.query && { query: queryOf(request) }),
        ...(isFinished ? { status } : { aborted: true }),
        duration_ms: Math.round((performance.now() - begun.at) * 1000) / 1000,
        ...sentBytes(request, response, begun),
        ...actorOf(seen),
      },
    });
  }
}

/** As of audit records: what the client did wrong is a warning, what broke here an error. */
function levelOf({ isFinished, status, broken }: ResponseEnd): NestLogLevel {
  if (broken || (isFinished && status >= 500)) return 'error';
  return !isFinished || status >= 400 ? 'warn' : 'log';
}

function queryOf({ url = '' }: IncomingMessage): string {
  const start = url.indexOf('?');
  return start < 0 ? '' : url.slice(start + 1);
}

function actorOf(request: unknown): { actor?: object } {
  const actor = toActor(readPath(request, 'user'));
  return actor ? { actor } : {};
}

/** Of the answer with its head, as it went over the connection; over HTTP/2, whose connection others share, of its body. */
function sentBytes(request: IncomingMessage, response: ServerResponse, begun: Begun): { bytes?: number } {
  if (request.httpVersionMajor < 2) return { bytes: bytesOf(request) - begun.bytes };
  const length = Number(response.getHeader('content-length'));
  return Number.isInteger(length) ? { bytes: length } : {};
}

function bytesOf(request: IncomingMessage): number {
  return request.httpVersionMajor < 2 ? Number(readPath(request, 'socket', 'bytesWritten') ?? 0) : 0;
}
