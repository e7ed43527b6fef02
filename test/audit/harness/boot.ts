import { type DynamicModule, type INestApplication, type ModuleMetadata, type Type } from '@nestjs/common';
import { NestFactory, type AbstractHttpAdapter } from '@nestjs/core';
import { Server as TlsServer } from 'node:tls';
import { afterEach, expect } from 'vitest';
import { AuditSink } from '../../../src/audit/deliver/audit-sink.js';
import { auditExports, auditProviders } from '../../../src/audit/audit.providers.js';
import { MemorySink } from './memory-sink.js';

class AuditModule {
  static with(sink: AuditSink): DynamicModule {
    return {
      module: AuditModule,
      global: true,
      get providers() {
        return [...auditProviders(), { provide: AuditSink, useValue: sink }];
      },
      get exports() {
        return auditExports();
      },
    };
  }
}

export interface Booted {
  readonly app: INestApplication;
  readonly sink: MemorySink;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
}

export interface BootOptions extends ModuleMetadata {
  readonly adapter?: AbstractHttpAdapter;
  readonly sink?: MemorySink;
  /** Called before the app listens. */
  readonly before?: (app: INestApplication) => unknown;
}

const running: Booted[] = [];

/** Boots a real app on a free port of the loopback interface; it is closed after the test. */
export async function boot({
  adapter,
  before,
  sink = new MemorySink(),
  ...metadata
}: BootOptions): Promise<Booted> {
  class AppModule {}
  const module: DynamicModule = {
    module: AppModule as Type,
    ...metadata,
    imports: [AuditModule.with(sink), ...(metadata.imports ?? [])],
  };
  const options = { logger: false, abortOnError: false, forceCloseConnections: true } as const;
  const app = adapter
    ? await NestFactory.create(module, adapter, options)
    : await NestFactory.create(module, options);
  await before?.(app);
  await app.listen(0, '127.0.0.1');
  const url = new URL((await app.getUrl()).replace('[::1]', '127.0.0.1'));
  // Nest 11 does not know it of an adapter that has options of its own.
  if (app.getHttpServer() instanceof TlsServer) url.protocol = 'https';
  const booted = { app, sink, url: url.origin };
  running.push(booted);
  return booted;
}

afterEach(async () => {
  const booted = running.splice(0);
  await Promise.all(booted.map(({ app }) => app.close()));
  for (const { sink } of booted) expect(sink.rest, 'records that nobody expected').toEqual([]);
});
