import { Scope, type ModuleMetadata, type Provider } from '@nestjs/common';
import { INQUIRER } from '@nestjs/core';
import { AuditActors } from './audit-actors.js';
import { AuditDelivery } from './audit-delivery.js';
import { AuditExplorer } from './audit-explorer.js';
import { AuditHealth } from './audit-health.js';
import { AuditLogger } from './audit-logger.js';
import { AuditRecorder } from './audit-recorder.js';
import { AuditSink } from './audit-sink.js';
import { AuditGuard } from './audit.guard.js';
import { AuditInterceptor } from './audit.interceptor.js';
import { auditLoggerNames, getAuditLoggerToken } from './inject-audit-logger.decorator.js';
import { readText } from './read-path.js';
import { UuidV7 } from './uuid-v7.js';

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
    AuditGuard,
    AuditInterceptor,
    AuditExplorer,
    {
      provide: AuditLogger,
      scope: Scope.TRANSIENT,
      inject: [INQUIRER, AuditDelivery, UuidV7],
      useFactory: (host: unknown, delivery: AuditDelivery, ids: UuidV7) =>
        new AuditLogger(`audit.${readText(host, 'constructor', 'name') ?? 'app'}`, delivery, ids),
    },
    ...auditLoggerNames().map((name) => ({
      provide: getAuditLoggerToken(name),
      inject: [AuditDelivery, UuidV7],
      useFactory: (delivery: AuditDelivery, ids: UuidV7) => new AuditLogger(`audit.${name}`, delivery, ids),
    })),
  ];
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
