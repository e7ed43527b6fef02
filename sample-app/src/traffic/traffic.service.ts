import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CoordinationsService } from '../coordinations/coordinations.service.js';
import { STRATEGIES } from '../coordinations/coordination.js';
import { type Instance } from '../instances/instance.js';
import { InstancesService } from '../instances/instances.service.js';
import { MessagesService } from '../messages/messages.service.js';
import { Chance } from '../simulation/chance.js';
import { Clock } from '../simulation/clock.js';
import { Provider } from '../simulation/provider.js';
import { Rhythm } from '../simulation/rhythm.js';
import { CREW, JOINT_TASKS, TASKS } from './crew.js';

/** Keeps the app busy without anybody using it, so that there is something to watch. */
@Injectable()
export class TrafficService implements OnApplicationBootstrap {
  private readonly logger = new Logger('app.orchestrator');
  private readonly sent = new Map<string, number>();

  constructor(
    private readonly instances: InstancesService,
    private readonly messages: MessagesService,
    private readonly coordinations: CoordinationsService,
    private readonly provider: Provider,
    private readonly clock: Clock,
    private readonly chance: Chance,
    private readonly rhythm: Rhythm,
  ) {}

  onApplicationBootstrap(): void {
    for (const member of CREW) this.instances.spawn(member);
    this.opening();
    this.rhythm.every(1_100, 2_300, () => this.sendMessage());
    this.rhythm.every(14_000, 24_000, () => this.coordinate());
    this.rhythm.every(8_000, 12_000, () => this.summarize());
  }

  /** Something to see, of several kinds, for who opens the page at once. */
  private opening(): void {
    this.logger.log('Crew is ready', {
      crew: CREW.map(({ name, role = 'worker', model = 'standard' }) => ({ name, role, model })),
      limits: { turn_ms: 4_000, memory_mb: 512 },
    });
    this.clock.after(500, () => this.coordinate());
    this.clock.after(1_200, () =>
      this.logger.warn('Cold start was slow', { model: 'small', duration_ms: 1_184 }),
    );
    this.clock.after(1_800, () =>
      this.logger.error('Last session could not be restored: starting afresh', damagedSession()),
    );
  }

  private sendMessage(): void {
    const receiver = this.chance.pick(this.idle());
    if (!receiver) return;
    this.messages.send(receiver.id, this.chance.pick(TASKS) ?? TASKS[0]);
    this.sent.set(receiver.name, (this.sent.get(receiver.name) ?? 0) + 1);
  }

  private coordinate(): void {
    const instance_ids = this.idle()
      .slice(0, 3)
      .map(({ id }) => id);
    if (instance_ids.length < 2) return;
    const strategy = this.chance.pick(STRATEGIES);
    this.coordinations.start({
      instance_ids,
      strategy,
      task: this.chance.pick(JOINT_TASKS) ?? JOINT_TASKS[0],
    });
  }

  private summarize(): void {
    const instances = this.instances.list();
    this.logger.log('Work so far', {
      instances: instances.length,
      idle: instances.filter(({ state }) => state === 'idle').length,
      messages: Object.fromEntries(this.sent),
    });
  }

  /** Who could be given something to do. */
  private idle(): Instance[] {
    return this.provider.condition === 'down'
      ? []
      : this.instances.list().filter(({ state }) => state === 'idle');
  }
}

function damagedSession(): Error {
  const cause = new SyntaxError('Unexpected end of JSON input');
  return new Error('The file of the last session is damaged: sessions/latest.json', { cause });
}
