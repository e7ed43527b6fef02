import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Audit } from 'nestjs-log-stream';
import { CoordinationsService } from '../coordinations/coordinations.service.js';
import { InstancesService } from '../instances/instances.service.js';
import { MessagesService } from '../messages/messages.service.js';
import { Chance } from '../simulation/chance.js';
import { Clock } from '../simulation/clock.js';
import { CREW, TASKS } from './crew.js';

/** Keeps the app busy without anybody using it, so that there is something to watch. */
@Injectable()
export class TrafficService implements OnApplicationBootstrap {
  private helper: string | undefined;

  constructor(
    private readonly instances: InstancesService,
    private readonly messages: MessagesService,
    private readonly coordinations: CoordinationsService,
    private readonly clock: Clock,
    private readonly chance: Chance,
  ) {}

  onApplicationBootstrap(): void {
    for (const member of CREW) this.instances.spawn(member);
    this.repeat(3_000, 6_000, () => this.sendMessage());
    this.repeat(20_000, 35_000, () => this.coordinate());
    this.repeat(12_000, 25_000, () => this.changeHelper());
  }

  private repeat(lowMs: number, highMs: number, action: () => void): void {
    this.clock.after(this.chance.between(lowMs, highMs), () => {
      action();
      this.repeat(lowMs, highMs, action);
    });
  }

  private sendMessage(): void {
    const idle = this.instances.list().filter(({ state }) => state === 'idle');
    const receiver = this.chance.pick(idle);
    if (receiver) this.messages.send(receiver.id, this.task());
  }

  private coordinate(): void {
    const instance_ids = this.instances
      .list()
      .filter(({ state }) => state === 'idle')
      .slice(0, 2)
      .map(({ id }) => id);
    if (instance_ids.length > 0) this.coordinations.start({ instance_ids, task: this.task() });
  }

  /** Spawns a helper, or terminates the one that is there. Instances of the user are left alone. */
  private changeHelper(): void {
    if (this.helper && this.instances.isRunning(this.helper)) this.retire(this.helper);
    else this.helper = this.instances.spawn({ name: 'helper' }).id;
  }

  @Audit<TrafficService['retire']>('instance_terminate', {
    message: ({ args: [id], outcome }) => `Termination of instance ${id}: ${outcome}`,
    metadata: ({ args: [id] }) => ({ instance_id: id }),
    target: ({ args: [id] }) => ({ type: 'instance', id }),
    actor: { type: 'system', id: 'traffic' },
  })
  retire(id: string): void {
    this.instances.terminate(id);
  }

  private task(): string {
    return this.chance.pick(TASKS) ?? TASKS[0];
  }
}
