import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { InstancesService } from '../instances/instances.service.js';
import { Chance } from '../simulation/chance.js';
import { Rhythm } from '../simulation/rhythm.js';

const LIMIT_MB = 512;

/** Looks at one instance's memory every few seconds and warns of a high one. */
@Injectable()
export class MemoryWatchService implements OnApplicationBootstrap {
  private readonly logger = new Logger('app.health');

  constructor(
    private readonly instances: InstancesService,
    private readonly chance: Chance,
    private readonly rhythm: Rhythm,
  ) {}

  onApplicationBootstrap(): void {
    this.rhythm.every(4_000, 7_000, () => this.check());
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
