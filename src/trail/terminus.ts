import { Inject, Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { AuditHealth, type AuditHealthReport } from '../audit/deliver/audit-health.js';

/**
 * Shows the state of auditing to `@nestjs/terminus`: `down` while calls with `failure: 'closed'` are refused. Add it to
 * the providers of a module that imports `TerminusModule`:
 *
 *     this.health.check([() => this.audit.isHealthy('audit')]);
 *
 * @publicApi
 */
@Injectable()
export class AuditTrailHealthIndicator {
  constructor(
    @Inject(HealthIndicatorService) private readonly indicators: HealthIndicatorService,
    @Inject(AuditHealth) private readonly health: AuditHealth,
  ) {}

  /**
   * @param key name of the entry in the health check's answer
   * @returns the {@link AuditHealthReport} under that key
   */
  isHealthy<const Key extends string>(
    key: Key,
  ): HealthIndicatorResult<Key, 'up' | 'down', Omit<AuditHealthReport, 'status'>> {
    const { status, ...report } = this.health.check();
    const session = this.indicators.check(key);
    return status === 'up' ? session.up(report) : session.down(report);
  }
}
