import { Controller, Get } from '@nestjs/common';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { AuditHealth, LogStreamModule } from 'nestjs-log-stream';
import { expect, it } from 'vitest';
import { AuditTrailHealthIndicator } from '../../src/trail/terminus.js';
import { monitoredApp } from '../harness/monitored-app.js';

@Controller()
class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly audit: AuditTrailHealthIndicator,
  ) {}

  @Get('health')
  @HealthCheck()
  check() {
    return this.health.check([() => this.audit.isHealthy('audit')]);
  }
}

it('/health tells whether audit records can be kept', async () => {
  await using app = await monitoredApp()
    .importing(LogStreamModule.forRoot({ logger: false }), TerminusModule.forRoot({ logger: false }))
    .with({ controllers: [HealthController], providers: [AuditTrailHealthIndicator] })
    .start();
  const ask = async () => {
    const response = await app.request('/health');
    const { status, details } = (await response.json()) as { status: string; details: { audit: object } };
    return { code: response.status, status, audit: details.audit };
  };
  expect(await ask()).toMatchObject({
    code: 200,
    status: 'ok',
    audit: { status: 'up', pendingIntents: 0, lost: 0, late: 0, refused: 0 },
  });
  const health = app.get(AuditHealth);
  health.down(new Error('disk full'));
  expect(await ask()).toMatchObject({
    code: 503,
    status: 'error',
    audit: { status: 'down', lastError: 'disk full', since: health.check().since },
  });
  health.up();
  expect((await ask()).code).toBe(200);
});
