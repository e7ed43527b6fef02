import { type CanActivate, type ExecutionContext, ForbiddenException, Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { InstancesService } from './instances.service.js';

/** Nobody terminates the orchestrator: all others would be left without anybody who tells them what to do. */
@Injectable()
export class OrchestratorGuard implements CanActivate {
  constructor(private readonly instances: InstancesService) {}

  /** @throws ForbiddenException for the orchestrator */
  canActivate(context: ExecutionContext): boolean {
    const { id } = context.switchToHttp().getRequest<Request>().params;
    const instance = this.instances.list().find((each) => each.id === id);
    if (instance?.role !== 'orchestrator') return true;
    throw new ForbiddenException(`${instance.name} cannot be terminated`);
  }
}
