import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Audit } from 'nestjs-log-stream';
import { InstancesService } from '../instances/instances.service.js';
import { Chance } from '../simulation/chance.js';
import { Clock } from '../simulation/clock.js';
import { Rhythm } from '../simulation/rhythm.js';

/** Spawns a helper, and terminates it some time later. Instances of the user are left alone. */
@Injectable()
export class StaffingService implements OnApplicationBootstrap {
  private helper: string | undefined;

  constructor(
    private readonly instances: InstancesService,
    private readonly clock: Clock,
    private readonly chance: Chance,
    private readonly rhythm: Rhythm,
  ) {}

  onApplicationBootstrap(): void {
    this.rhythm.every(7_000, 14_000, () => this.change());
  }

  @Audit<StaffingService['retire']>('instance_terminate', {
    message: ({ args: [id], outcome }) => `Termination of instance ${id}: ${outcome}`,
    metadata: ({ args: [id, by] }) => ({ instance_id: id, requested_by: by }),
    target: ({ args: [id] }) => ({ type: 'instance', id }),
    actor: { type: 'system', id: 'traffic' },
  })
  retire(id: string, _by: string): void {
    this.instances.terminate(id);
  }

  private change(): void {
    const { helper } = this;
    if (helper === undefined || !this.instances.isRunning(helper)) {
      this.helper = this.instances.spawn({ name: 'helper' }).id;
      return;
    }
    this.retire(helper, 'scheduler');
    // Now and then the supervisor has had the same idea, and comes too late.
    if (this.chance.happens(0.4)) this.clock.after(250, () => this.retireToo(helper));
  }

  private retireToo(id: string): void {
    try {
      this.retire(id, 'supervisor');
    } catch {
      // It is on record, as a failure.
    }
  }
}
