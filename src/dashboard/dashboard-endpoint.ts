import { Inject, Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import { rawRoute, send } from '../monitor/http/raw-route.js';
import { type Routes } from '../monitor/http/routes.js';
import { MonitorGateway } from '../monitor/monitor.gateway.js';
import { type Gate } from '../monitor/access/gate.js';
import { LOG_STREAM_OPTIONS, type ResolvedLogStreamOptions } from '../options/resolved-options.js';
import { acceptsGzip } from './accepts-gzip.js';
import { builtPage, DashboardFiles, etagOf } from './dashboard-files.js';
import { ASSET_HEADERS, PAGE_HEADERS, TEXT_HEADERS } from './dashboard-headers.js';
import { sendCacheable } from './dashboard-response.js';
import { METHOD_NOT_ALLOWED, NO_SUCH_FILE, notShown } from './dashboard.messages.js';
import { type PageAccess, renderPage } from './render-page.js';

/**
 * Serves the dashboard. Who may have the page is decided as for the stream. Its files are there for everybody: they
 * are those of the published package and say nothing about the application, and the page needs them in order to ask
 * who it is that wants to watch.
 */
@Injectable()
export class DashboardEndpoint {
  private readonly logger = new Logger('LogStreamDashboard');
  private readonly gate: Gate | undefined;
  private files: Promise<DashboardFiles> | undefined;

  constructor(
    @Inject(LOG_STREAM_OPTIONS) private readonly options: ResolvedLogStreamOptions,
    @Inject(MonitorGateway) monitor: MonitorGateway,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {
    const { dashboard } = options;
    this.gate = dashboard ? monitor.gateAt(dashboard.path, () => {}) : undefined;
  }

  /** Adds the routes. To be called before the app's own are added: one for all paths would take what is ours. */
  mount(routes: Routes = this.host.httpAdapter): void {
    const { dashboard } = this.options;
    if (!dashboard) return;
    this.requireFiles();
    const { path } = dashboard;
    routes.all(`${path}/assets/:name`, this.route(this.sendAsset));
    routes.all(path, this.route(this.sendPage));
    // On Express this is the same route; Fastify takes a slash at the end seriously.
    routes.all(`${path}/`, this.route(this.sendPage));
  }

  /** Says at the start what would else be found out by who opens the page. The app runs without it. */
  private requireFiles(): void {
    try {
      builtPage();
    } catch (error) {
      this.logger.error(notShown(error));
    }
  }

  private route(
    answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  ): ReturnType<typeof rawRoute> {
    return rawRoute((request, response) => {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        return send(request, response, 405, { ...TEXT_HEADERS, Allow: 'GET, HEAD' }, METHOD_NOT_ALLOWED);
      }
      answer.call(this, request, response).catch(() => this.failed(request, response));
    });
  }

  private async sendAsset(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request);
    const file = (await this.load()).asset(path.slice(path.lastIndexOf('/') + 1));
    if (!file) return send(request, response, 404, TEXT_HEADERS, NO_SUCH_FILE);
    const headers = { ...ASSET_HEADERS, 'Content-Type': file.contentType };
    if (acceptsGzip(request)) {
      const { body, etag } = file.packed;
      return sendCacheable(request, response, { ...headers, 'Content-Encoding': 'gzip' }, body, etag);
    }
    const { body, etag } = file.unpacked();
    sendCacheable(request, response, headers, body, etag);
  }

  private async sendPage(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (pathOf(request).endsWith('/')) return this.redirect(request, response);
    const files = await this.load();
    await this.gate!.verify(request, (admitted, status = 401, _body, headers = {}) => {
      // The client has left meanwhile, or the app's own time limit has answered.
      if (response.destroyed || response.headersSent) return;
      // The connection is among those that are limited; the page itself needs it no longer.
      response.shouldKeepAlive = false;
      if (admitted) {
        const body = this.page(files, 'granted');
        return sendCacheable(request, response, PAGE_HEADERS, body, etagOf(body));
      }
      if (!wantsPage(request) || (status !== 401 && status !== 403)) {
        return send(request, response, status, { ...TEXT_HEADERS, ...headers }, `${STATUS_CODES[status]}\n`);
      }
      const unknown = this.options.authorize ? 'unauthorized' : 'local_only';
      const body = this.page(files, status === 401 ? unknown : 'forbidden');
      send(request, response, status, { ...PAGE_HEADERS, ...headers }, body);
    });
  }

  /** Relative, because only the browser knows under which path a proxy serves the app. */
  private redirect(request: IncomingMessage, response: ServerResponse): void {
    const path = pathOf(request).replace(/\/+$/, '');
    const { url = '' } = request;
    const query = url.includes('?') ? url.slice(url.indexOf('?')) : '';
    const Location = `../${path.slice(path.lastIndexOf('/') + 1)}${query}`;
    send(request, response, 308, { ...TEXT_HEADERS, Location }, '');
  }

  private page(files: DashboardFiles, access: PageAccess): Buffer {
    const { dashboard, path: monitorPath, stream, trail } = this.options;
    if (!dashboard) return Buffer.alloc(0);
    const facts = {
      path: dashboard.path,
      monitorPath,
      ...(stream ? { streamPath: stream.path } : {}),
      ...(trail?.path ? { trailPath: trail.path } : {}),
      access,
    };
    return Buffer.from(renderPage(files.template, facts));
  }

  /** Read when the page is first asked for: most applications that have it are never looked at. */
  private load(): Promise<DashboardFiles> {
    this.files ??= DashboardFiles.read().catch((error: unknown) => {
      // There meanwhile, they are found without a restart.
      this.files = undefined;
      this.logger.error(notShown(error));
      throw error;
    });
    return this.files;
  }

  private failed(request: IncomingMessage, response: ServerResponse): void {
    if (response.headersSent || response.destroyed) response.destroy();
    else send(request, response, 500, TEXT_HEADERS, `${STATUS_CODES[500]}\n`);
  }
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0]!;
}

/** Whether a person looks at the answer: everybody else is better served by a status alone. */
function wantsPage({ headers }: IncomingMessage): boolean {
  return headers.accept?.includes('text/html') ?? false;
}
