import { type DynamicModule, Inject, Logger, Module, type NestModule, type Provider } from '@nestjs/common';
import {
  ASYNC_OPTIONS_TYPE,
  ConfigurableModuleClass,
  MODULE_OPTIONS_TOKEN,
  OPTIONS_TYPE,
} from './log-stream.module-definition.js';
import { Alerts } from './alerts/alerts.js';
import { AuditRedactor } from './audit/deliver/audit-redactor.js';
import { auditExports, auditProviders } from './audit/audit.providers.js';
import { DashboardEndpoint } from './dashboard/dashboard-endpoint.js';
import { LogSink } from './logger/log-sink.js';
import { LogStreamLogger } from './logger/log-stream-logger.js';
import { LoggerInstallation } from './logger/logger-installation.js';
import { LogStreamMetrics } from './metrics/log-stream-metrics.js';
import { LogStreamTickets } from './monitor/access/log-stream-tickets.js';
import { Admission } from './monitor/access/admission.js';
import { UpgradeHint } from './monitor/http/upgrade-hint.js';
import { StreamEndpoint } from './monitor/http/stream-endpoint.js';
import { MonitorAdapter } from './monitor/monitor-adapter.js';
import { MonitorGateway, monitorGateway } from './monitor/monitor.gateway.js';
import { webSocketPackages } from './monitor/socket/web-socket-packages.js';
import { MonitorServer } from './monitor-server.js';
import { loadedTwice } from './options/options.messages.js';
import { otherCopies } from './options/package-copies.js';
import { requireOptions, resolveOptions } from './options/resolve-options.js';
import { LOG_STREAM_OPTIONS, type ResolvedLogStreamOptions } from './options/resolved-options.js';
import { RequestLog } from './requests/request-log.js';
import { HttpStories } from './story/http-stories.js';
import { MessageStories } from './story/message-stories.js';
import { Stories } from './story/stories.js';
import { RecordBuilder } from './record/record-builder.js';
import { LogStream } from './stream/log-stream.js';
import { StartUpNotice } from './start-up-notice.js';
import { StreamIntake } from './stream/stream-intake.js';
import { AuditTrail } from './trail/audit-trail.js';
import { TrailEndpoint } from './trail/trail-endpoint.js';
import { trailProviders } from './trail/trail.providers.js';

/**
 * Streams the application's logs to whoever watches. Import it once, in the root module, and call
 * `setupLogStreaming(app)` in `main.ts`.
 *
 * @publicApi
 */
@Module({})
export class LogStreamModule extends ConfigurableModuleClass implements NestModule {
  constructor(
    @Inject(UpgradeHint) private readonly hint: UpgradeHint,
    @Inject(StreamEndpoint) private readonly events: StreamEndpoint,
    @Inject(TrailEndpoint) private readonly trail: TrailEndpoint,
    @Inject(DashboardEndpoint) private readonly dashboard: DashboardEndpoint,
    @Inject(LOG_STREAM_OPTIONS) private readonly options: ResolvedLogStreamOptions,
  ) {
    super();
  }

  /** @param options all optional; a wrong one fails at start-up with a sentence that says what to change */
  static override forRoot(options: typeof OPTIONS_TYPE = {}): DynamicModule {
    return assemble(super.forRoot(requireOptions(options)));
  }

  /** Options from a factory, a class or an existing provider with a method `createLogStreamOptions()`. */
  static override forRootAsync(options: typeof ASYNC_OPTIONS_TYPE): DynamicModule {
    return assemble(super.forRootAsync(options));
  }

  /** Called by Nest in HTTP applications only, before it adds the routes of the app. */
  configure(): void {
    // They are on a server of their own.
    if (this.options.monitor) return;
    this.hint.mount();
    this.events.mount();
    this.trail.mount();
    this.dashboard.mount();
  }
}

function assemble(definition: DynamicModule): DynamicModule {
  const gateway = monitorGateway();
  const providers: Provider[] = [
    ...(definition.providers ?? []),
    { provide: LOG_STREAM_OPTIONS, useFactory: resolveOptions, inject: [MODULE_OPTIONS_TOKEN] },
    Stories,
    HttpStories,
    MessageStories,
    RequestLog,
    RecordBuilder,
    LogStream,
    { provide: LogSink, useClass: StreamIntake },
    AuditRedactor,
    LogStreamLogger,
    LoggerInstallation,
    Admission,
    webSocketPackages,
    MonitorAdapter,
    gateway,
    { provide: MonitorGateway, useExisting: gateway },
    UpgradeHint,
    StreamEndpoint,
    DashboardEndpoint,
    MonitorServer,
    StartUpNotice,
    Alerts,
    LogStreamMetrics,
    ...trailProviders(),
  ];
  return {
    ...definition,
    // Read when Nest scans the module: by then every `@InjectAuditLogger()` of the app has been evaluated.
    get providers() {
      warnOfOtherCopies();
      return [...providers, ...auditProviders()];
    },
    get exports() {
      return [
        LogStream,
        LogStreamLogger,
        LogStreamMetrics,
        LogStreamTickets,
        MonitorGateway,
        AuditTrail,
        ...auditExports(),
      ];
    },
  };
}

/** Said before Nest resolves anything: with two copies it may end in a sentence about `AuditInterceptor` alone. */
function warnOfOtherCopies(): void {
  const { own, others } = otherCopies();
  for (const other of others) Logger.warn(loadedTwice(own, other), 'LogStreamModule');
}
