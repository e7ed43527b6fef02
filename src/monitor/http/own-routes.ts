import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import { type rawRoute, send } from './raw-route.js';
import { type Routes } from './routes.js';

type Handler = ReturnType<typeof rawRoute>;

interface Route {
  /** Any without it. */
  readonly method?: string;
  readonly handler: Handler;
}

/** Our routes on a server that has no others. */
export class OwnRoutes implements Routes {
  private readonly routes = new Map<string, Route[]>();

  get(path: string, handler: Handler): void {
    this.add(path, { method: 'GET', handler });
  }

  options(path: string, handler: Handler): void {
    this.add(path, { method: 'OPTIONS', handler });
  }

  all(path: string, handler: Handler): void {
    this.add(path, { handler });
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '').split('?', 1)[0]!;
    const found = this.routes.get(path) ?? this.routes.get(path.replace(/[^/]+$/, ':name')) ?? [];
    const wanted = request.method === 'HEAD' ? 'GET' : request.method;
    const route = found.find(({ method }) => method === undefined || method === wanted);
    if (route) return route.handler(request, response);
    const status = found.length > 0 ? 405 : 404;
    send(
      request,
      response,
      status,
      { 'Content-Type': 'text/plain; charset=utf-8' },
      `${STATUS_CODES[status]}\n`,
    );
  }

  private add(path: string, route: Route): void {
    this.routes.set(path, [...(this.routes.get(path) ?? []), route]);
  }
}
