import { Injectable, Logger } from '@nestjs/common';
import { Audit, AuditLogger, InjectAuditLogger } from 'nestjs-log-stream';
import { randomUUID } from 'node:crypto';
import { InstancesService } from '../instances/instances.service.js';
import { type TurnResult } from '../messages/message.js';
import { MessagesService } from '../messages/messages.service.js';
import { Clock } from '../simulation/clock.js';
import { type Coordination } from './coordination.js';
import { type CreateCoordinationDto } from './create-coordination.dto.js';

/** Sets several instances to work on one task and waits for all of them. */
@Injectable()
export class CoordinationsService {
  private readonly logger = new Logger('app.orchestrator');

  constructor(
    @InjectAuditLogger('coordination') private readonly audit: AuditLogger,
    private readonly instances: InstancesService,
    private readonly messages: MessagesService,
    private readonly clock: Clock,
  ) {}

  /** @throws NotFoundException when one of the instances does not exist */
  @Audit<CoordinationsService['start']>('coordination_start', {
    message: ({ args: [{ instance_ids }], outcome }) =>
      `Start of a coordination of ${instance_ids.length} instances: ${outcome}`,
    metadata: ({ args: [request], result }) => ({
      coordination_id: result?.id,
      strategy: request.strategy,
      instance_ids: request.instance_ids,
    }),
  })
  start({ strategy = 'parallel', instance_ids, task }: CreateCoordinationDto): Coordination {
    for (const id of instance_ids) this.instances.find(id);
    const coordination: Coordination = { id: randomUUID().slice(0, 8), strategy, instance_ids, task };
    this.logger.log('Coordination started', {
      coordination_id: coordination.id,
      strategy,
      instances: instance_ids.length,
    });
    // After this method has returned: its audit record comes before those of what it sets going.
    this.clock.after(0, () => void this.complete(coordination));
    return coordination;
  }

  private async complete(coordination: Coordination): Promise<void> {
    const started = this.clock.now();
    const results = await this.resultsOf(coordination);
    const answered = results.filter((result) => result === 'answered').length;
    const complete = answered === results.length;
    const summary = {
      coordination_id: coordination.id,
      answered,
      instances: results.length,
      duration_ms: this.clock.now() - started,
    };
    if (complete) this.logger.log('Coordination completed', summary);
    else this.logger.warn('Coordination completed in part', summary);
    void this.audit.log(`Coordination ${coordination.id} completed`, {
      action: 'coordination_complete',
      level: complete ? 'log' : 'warn',
      metadata: { ...summary, results },
    });
  }

  private async resultsOf({ strategy, instance_ids, task }: Coordination): Promise<TurnResult[]> {
    if (strategy === 'parallel') return Promise.all(instance_ids.map((id) => this.ask(id, task)));
    const results: TurnResult[] = [];
    for (const id of instance_ids) results.push(await this.ask(id, task));
    return results;
  }

  private async ask(instanceId: string, task: string): Promise<TurnResult> {
    if (!this.instances.isRunning(instanceId)) return 'dropped';
    return this.messages.send(instanceId, task).result;
  }
}
