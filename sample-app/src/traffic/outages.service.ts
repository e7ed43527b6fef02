import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Chance } from '../simulation/chance.js';
import { Clock } from '../simulation/clock.js';
import { Provider } from '../simulation/provider.js';

/** Soon enough that who opens the dashboard sees one, late enough to know by then what is normal. */
const FIRST_AFTER_MS = 20_000;

/** Lets the models' provider have bad moments, from a first sign to the recovery. */
@Injectable()
export class OutagesService implements OnApplicationBootstrap {
  private readonly logger = new Logger('app.provider');

  constructor(
    private readonly provider: Provider,
    private readonly clock: Clock,
    private readonly chance: Chance,
  ) {}

  onApplicationBootstrap(): void {
    this.clock.after(FIRST_AFTER_MS, () => void this.goThrough());
  }

  private async goThrough(): Promise<void> {
    const started = this.clock.now();
    this.provider.condition = 'slow';
    this.logger.warn('Latency of the provider is high', {
      region: 'eu-central',
      latency_ms: { p50: 1_900, p95: 3_800, usual_p95: 2_200 },
    });
    await this.clock.delay(this.chance.between(4_000, 6_000));
    this.provider.condition = 'down';
    for (let attempt = 1; attempt <= 3; attempt++) {
      this.logger.error('Health check failed', unreachable(), { attempt, of: 3, region: 'eu-central' });
      await this.clock.delay(this.chance.between(1_000, 1_600));
    }
    this.logger.fatal('No model can be reached: new tasks are held back', {
      failed_checks: 3,
      region: 'eu-central',
    });
    await this.clock.delay(this.chance.between(4_000, 7_000));
    this.provider.condition = 'healthy';
    this.logger.log('Provider is reachable again', { outage_ms: this.clock.now() - started });
    this.clock.after(this.chance.between(60_000, 90_000), () => void this.goThrough());
  }
}

function unreachable(): Error {
  const cause = Object.assign(new Error('connect ETIMEDOUT 10.0.0.7:443'), { code: 'ETIMEDOUT' });
  return new Error('The health endpoint did not answer within 1000 ms', { cause });
}
