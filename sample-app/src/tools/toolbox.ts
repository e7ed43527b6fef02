import { Injectable, Logger } from '@nestjs/common';
import { AuditLogger, InjectAuditLogger } from 'nestjs-log-stream';
import { type Instance } from '../instances/instance.js';
import { Chance } from '../simulation/chance.js';
import { Clock } from '../simulation/clock.js';
import { TOOL_CALLS } from './tool-calls.js';
import { type ToolCall } from './tool.js';

/** Runs the tools that agents ask for, if they may. */
@Injectable()
export class Toolbox {
  private readonly logger = new Logger('app.tools');

  constructor(
    @InjectAuditLogger('tools') private readonly audit: AuditLogger,
    private readonly clock: Clock,
    private readonly chance: Chance,
  ) {}

  /** The tool that an agent wants to use before it answers, if any. */
  wanted(): ToolCall | undefined {
    return this.chance.happens(0.35) ? this.chance.pick(TOOL_CALLS) : undefined;
  }

  /** Whether an agent may use a tool. A refusal is on record. */
  allows(instance: Instance, { tool, arguments: args, roles }: ToolCall): boolean {
    if (!roles || roles.includes(instance.role)) return true;
    void this.audit.log(`Use of ${tool} refused to ${instance.name}`, {
      action: 'tool_use',
      level: 'warn',
      outcome: 'failure',
      reason: 'denied',
      actor: { type: 'agent', id: instance.id, name: instance.name },
      metadata: { tool, arguments: args, role: instance.role, allowed_roles: roles },
      instance_id: instance.id,
    });
    return false;
  }

  async run(instance: Instance, { tool, arguments: args, report }: ToolCall): Promise<void> {
    const started = this.clock.now();
    this.logger.verbose('Tool called', { tool, arguments: args, instance_id: instance.id });
    await this.clock.delay(this.chance.between(400, 1_500));
    this.logger[report.level](report.message, {
      tool,
      duration_ms: this.clock.now() - started,
      ...report.fields,
      instance_id: instance.id,
    });
  }
}
