import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type Server } from 'node:http';
import { Server as TlsServer } from 'node:tls';
import { LoggerInstallation } from './logger/logger-installation.js';
import { MonitorServer } from './monitor-server.js';
import { LOG_STREAM_OPTIONS, type ResolvedLogStreamOptions } from './options/resolved-options.js';
import { dashboardAt, monitorAt, NOBODY_CAN_WATCH, NOT_STREAMED } from './start-up.messages.js';

/** Says at the start where the app can be watched, by whom, and what is missing for that. */
@Injectable()
export class StartUpNotice implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('LogStreamModule');
  private due: NodeJS.Immediate | undefined;
  private awaited: Server | undefined;

  constructor(
    @Inject(LOG_STREAM_OPTIONS) private readonly options: ResolvedLogStreamOptions,
    @Inject(LoggerInstallation) private readonly installation: LoggerInstallation,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(MonitorServer) private readonly own: MonitorServer,
  ) {}

  onApplicationBootstrap(): void {
    // Nest's types promise an adapter in every application.
    const adapter = this.host.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined;
    const server = this.own.server ?? (adapter?.getHttpServer() as Server | undefined);
    this.awaited = server;
    // Before whoever waits for that goes on: the line is at the same place every time.
    if (server?.listening) this.tellWhere();
    else server?.once('listening', this.tellWhere);
    // Later: who makes an application context has it in hand only after this, and can set up the streaming then.
    this.due = setImmediate(() => {
      if (!this.installation.isInstalled) this.logger.warn(NOT_STREAMED);
      if (!server) this.logger.log(NOBODY_CAN_WATCH);
    });
  }

  onApplicationShutdown(): void {
    clearImmediate(this.due);
    this.awaited?.off('listening', this.tellWhere);
  }

  private readonly tellWhere = (): void => {
    const origin = originOf(this.awaited!);
    if (origin === undefined) return;
    const { dashboard, path, authorize } = this.options;
    const decided = authorize !== undefined;
    this.logger.log(
      dashboard
        ? dashboardAt(`${origin}${dashboard.path}`, decided)
        : monitorAt(`${origin.replace(/^http/, 'ws')}${path}`, decided),
    );
  };
}

/** @returns `undefined` of what has no port, as a UNIX socket */
function originOf(server: Server): string | undefined {
  const address = server.address();
  if (address === null || typeof address === 'string') return undefined;
  const scheme = server instanceof TlsServer ? 'https' : 'http';
  return `${scheme}://${hostOf(address.address)}:${address.port}`;
}

/** Of all addresses of a machine, the one that its own user opens. */
function hostOf(address: string): string {
  if (address === '::' || address === '0.0.0.0') return 'localhost';
  return address.includes(':') ? `[${address}]` : address;
}
