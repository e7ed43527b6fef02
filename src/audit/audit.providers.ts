import { Scope, type ModuleMetadata, type Provider } from '@nestjs/common';
import { INQUIRER } from '@nestjs/core';
import { AuditActors } from './describe/audit-actors.js';
import { AuditDelivery } from './deliver/audit-delivery.js';
import { AuditExplorer } from './nest/audit-explorer.js';
import { AuditHealth } from './deliver/audit-health.js';
import { AuditLogger } from './audit-logger.js';
import { AuditCalls } from './call/audit-calls.js';
import { AuditPeers } from './nest/audit-peers.js';
import { AuditRecorder } from './call/audit-recorder.js';
import { AuditSink } from './deliver/audit-sink.js';
import { AuditGuard } from './nest/audit.guard.js';
import { AuditInterceptor } from './nest/audit.interceptor.js';
import { auditLoggerNames, getAuditLoggerToken } from './decorate/inject-audit-logger.decorator.js';
import { stableNameOf } from './describe/class-name.js';
import { readPath } from './describe/read-path.js';
import { UuidV7 } from '../record/record-id.js';

/**
 * The providers of the audit side. To be asked for when Nest scans the module: by then every `@InjectAuditLogger()`
 * of the app has been evaluated.
 */
export function auditProviders(): Provider[] {
  return [
    UuidV7,
    AuditActors,
    AuditHealth,
    AuditDelivery,
    AuditRecorder,
    AuditCalls,
    AuditGuard,
    AuditInterceptor,
    AuditExplorer,
    AuditPeers,
    {
      provide: AuditLogger,
      scope: Scope.TRANSIENT,
      inject: [INQUIRER, AuditDelivery, UuidV7],
      useFactory: (host: unknown, delivery: AuditDelivery, ids: UuidV7) =>
        new AuditLogger(`audit.${loggerNameOf(host)}`, delivery, ids),
    },
    ...auditLoggerNames().map((name) => ({
      provide: getAuditLoggerToken(name),
      inject: [AuditDelivery, UuidV7],
      useFactory: (delivery: AuditDelivery, ids: UuidV7) => new AuditLogger(`audit.${name}`, delivery, ids),
    })),
  ];
}

/** Named after the class that it is injected into; an app that asks for one itself has none. */
function loggerNameOf(host: unknown): string {
  const type = readPath(host, 'constructor');
  return typeof type === 'function' ? stableNameOf(type) : 'app';
}

/** What the module of {@link auditProviders} exports: what applications inject. */
export function auditExports(): NonNullable<ModuleMetadata['exports']> {
  return [
    AuditSink,
    AuditHealth,
    AuditRecorder,
    AuditLogger,
    AuditInterceptor,
    ...auditLoggerNames().map(getAuditLoggerToken),
  ];
}
