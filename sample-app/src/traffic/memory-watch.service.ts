import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { InstancesService } from '../instances/instances.service.js';
import { Chance } from '../simulation/chance.js';
import { Clock } from '../simulation/clock.js';

const LIMIT_MB = 512;

/** Looks at one instance's memory every few seconds and warns of a high one. */
@Injectable()
export class MemoryWatchService implements OnApplicationBootstrap {
  private readonly logger = new Logger('app.health');

  constructor(
    private readonly instances: InstancesService,
    private readonly clock: Clock,
    private readonly chance: Chance,
  ) {}

  onApplicationBootstrap(): void {
    this.scheduleCheck();
  }

  private scheduleCheck(): void {
    this.clock.after(this.chance.between(5_000, 8_000), () => {
      this.check();
      this.scheduleCheck();
    });
  }

  private check(): void {
    const instance = this.chance.pick(this.instances.list());
    if (!instance) return;
    const reading = {
      memory_mb: this.chance.between(180, 620),
      limit_mb: LIMIT_MB,
      instance_id: instance.id,
    };
    if (reading.memory_mb > LIMIT_MB) this.logger.warn('High memory', reading);
    else this.logger.verbose('Memory checked', reading);
  }
}
