import { Injectable, Logger } from '@nestjs/common';
import { AuditLogger, InjectAuditLogger } from 'nestjs-log-stream';
import { InstancesService } from '../instances/instances.service.js';
import { Clock } from '../simulation/clock.js';
import { SimulatedModel } from '../simulation/simulated-model.js';
import { TurnTimeoutError } from '../simulation/turn-errors.js';
import { Toolbox } from '../tools/toolbox.js';
import { type Message, type TurnResult } from './message.js';

const RECOVERY_MS = 6_000;

/** Lets an instance work on one message, and deals with whatever comes of it. */
@Injectable()
export class TurnRunner {
  private readonly logger = new Logger(TurnRunner.name);

  constructor(
    @InjectAuditLogger('message') private readonly audit: AuditLogger,
    private readonly instances: InstancesService,
    private readonly model: SimulatedModel,
    private readonly tools: Toolbox,
    private readonly clock: Clock,
  ) {}

  /** Never rejects: what goes wrong is a result. */
  async run(message: Message): Promise<TurnResult> {
    if (!this.instances.isRunning(message.instance_id)) return 'dropped';
    const started = this.clock.now();
    try {
      const answer = await this.work(message);
      if (!this.instances.isRunning(message.instance_id)) return 'dropped';
      return this.answered(message, answer, this.clock.now() - started);
    } catch (error) {
      if (!this.instances.isRunning(message.instance_id)) return 'dropped';
      return error instanceof TurnTimeoutError ? this.timedOut(message, error) : this.failed(message, error);
    }
  }

  private async work({ id, instance_id, content }: Message): Promise<string> {
    const instance = this.instances.changeState(instance_id, 'working');
    this.logger.log('Turn started', { instance_id, message_id: id });
    const call = this.tools.wanted();
    if (call && this.tools.allows(instance, call)) {
      this.instances.changeState(instance_id, 'waiting');
      await this.tools.run(instance, call);
      if (this.instances.isRunning(instance_id)) this.instances.changeState(instance_id, 'working');
    }
    return this.model.answer(instance.model, content);
  }

  private answered({ id, instance_id }: Message, answer: string, duration_ms: number): TurnResult {
    const { name } = this.instances.changeState(instance_id, 'idle');
    this.logger.log('Turn finished', { instance_id, message_id: id, duration_ms });
    void this.audit.log(`Message received from ${name}`, {
      action: 'message_received',
      metadata: { message_id: id, instance_id, characters: answer.length },
    });
    return 'answered';
  }

  private timedOut({ id, instance_id }: Message, { timeoutMs }: TurnTimeoutError): TurnResult {
    const { name } = this.instances.changeState(instance_id, 'idle');
    this.logger.warn('Turn timed out', { instance_id, message_id: id, timeout_ms: timeoutMs });
    void this.audit.log(`Instance ${name} did not answer in time`, {
      action: 'timeout',
      level: 'warn',
      metadata: { message_id: id, instance_id, timeout_ms: timeoutMs },
    });
    return 'timed_out';
  }

  private failed({ id, instance_id }: Message, error: unknown): TurnResult {
    const { name } = this.instances.changeState(instance_id, 'failed');
    this.logger.error('Turn failed', error, { instance_id, message_id: id });
    void this.audit.log(`Instance ${name} failed`, {
      action: 'error',
      level: 'error',
      metadata: {
        message_id: id,
        instance_id,
        reason: error instanceof Error ? error.message : String(error),
      },
    });
    this.clock.after(RECOVERY_MS, () => this.recover(instance_id));
    return 'failed';
  }

  private recover(instanceId: string): void {
    // Meanwhile it may have been terminated, or a message that was waiting may have set it to work again.
    if (!this.instances.isRunning(instanceId) || this.instances.find(instanceId).state !== 'failed') return;
    this.instances.changeState(instanceId, 'idle');
    this.logger.log('Instance recovered', { instance_id: instanceId });
  }
}
