import { Injectable, Logger, NotFoundException } from '@nestjs/common';
import { AuditLogger, InjectAuditLogger } from 'nestjs-log-stream';
import { randomUUID } from 'node:crypto';
import { Clock } from '../simulation/clock.js';
import { type CreateInstanceDto } from './create-instance.dto.js';
import { type Instance, type InstanceState } from './instance.js';

/** Knows the running instances and the state of each. */
@Injectable()
export class InstancesService {
  private readonly logger = new Logger(InstancesService.name);
  private readonly instances = new Map<string, Instance>();

  constructor(
    @InjectAuditLogger('instance') private readonly audit: AuditLogger,
    private readonly clock: Clock,
  ) {}

  spawn({ name, role = 'worker', model = 'standard' }: CreateInstanceDto): Instance {
    const id = randomUUID().slice(0, 8);
    const created_at = new Date(this.clock.now()).toISOString();
    const instance: Instance = { id, name, role, model, created_at, state: 'idle' };
    this.instances.set(id, instance);
    this.logger.log('Instance spawned successfully', { instance_id: id, instance_name: name });
    void this.audit.log(`Instance ${name} spawned`, {
      action: 'instance_spawn',
      metadata: { instance_id: id, role },
      instance_id: id,
      event_type: 'spawn',
    });
    return instance;
  }

  list(): Instance[] {
    return [...this.instances.values()];
  }

  /** @throws NotFoundException */
  find(id: string): Instance {
    const instance = this.instances.get(id);
    if (instance) return instance;
    this.logger.error('Instance not found', { instance_id: id });
    throw new NotFoundException(`There is no instance ${id}`);
  }

  /** @throws NotFoundException */
  terminate(id: string): Instance {
    const { name } = this.find(id);
    const terminated = this.changeState(id, 'terminated');
    this.instances.delete(id);
    this.logger.log('Instance terminated', { instance_id: id, instance_name: name });
    return terminated;
  }

  isRunning(id: string): boolean {
    return this.instances.has(id);
  }

  /** @throws NotFoundException */
  changeState(id: string, state: InstanceState): Instance {
    const instance = this.find(id);
    const changed = { ...instance, state };
    this.instances.set(id, changed);
    void this.audit.log(`Instance ${instance.name} changed from ${instance.state} to ${state}`, {
      action: 'state_change',
      metadata: { instance_id: id, from: instance.state, to: state },
      instance_id: id,
    });
    return changed;
  }
}
