import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type OutgoingHttpHeaders } from 'node:http';
import { LOG_STREAM_OPTIONS, type ResolvedLogStreamOptions } from '../../options/resolved-options.js';
import { needsUpgrade } from '../monitor.messages.js';
import { rawRoute, send } from './raw-route.js';
import { type Routes } from './routes.js';

/** RFC 9110, section 15.5.22: names what to upgrade to. */
const UPGRADE_REQUIRED = 426;
const HEADERS: OutgoingHttpHeaders = {
  'Content-Type': 'text/plain; charset=utf-8',
  'Cache-Control': 'no-store',
  Upgrade: 'websocket',
  Connection: 'Upgrade',
};

/**
 * Says at the monitor's path that it speaks WebSocket: to who looks with a browser, and to who stands behind a proxy that
 * does not pass upgrades on.
 */
@Injectable()
export class UpgradeHint {
  constructor(
    @Inject(LOG_STREAM_OPTIONS) private readonly options: ResolvedLogStreamOptions,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  /** Adds the route. To be called before the app's own are added: one for all paths would take what is ours. */
  mount(routes: Routes = this.host.httpAdapter): void {
    const { path } = this.options;
    const hint = rawRoute((request, response) =>
      send(request, response, UPGRADE_REQUIRED, HEADERS, `${needsUpgrade(path)}\n`),
    );
    routes.get(path, hint);
    // On Express this is the same route; Fastify takes a slash at the end seriously.
    routes.get(`${path}/`, hint);
  }
}
