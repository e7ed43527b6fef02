import { Body, Controller, Delete, Get, Param, Post, UseGuards } from '@nestjs/common';
import { Audit } from 'nestjs-log-stream';
import { CreateInstanceDto } from './create-instance.dto.js';
import { type Instance } from './instance.js';
import { InstancesService } from './instances.service.js';
import { OrchestratorGuard } from './orchestrator.guard.js';

@Controller('instances')
export class InstancesController {
  constructor(private readonly instances: InstancesService) {}

  @Post()
  spawn(@Body() body: CreateInstanceDto): Instance {
    return this.instances.spawn(body);
  }

  @Get()
  list(): Instance[] {
    return this.instances.list();
  }

  @Audit<InstancesController['terminate']>('instance_terminate', {
    message: ({ args: [id], outcome }) => `Termination of instance ${id}: ${outcome}`,
    metadata: ({ args: [id] }) => ({ instance_id: id }),
    target: ({ args: [id] }) => ({ type: 'instance', id }),
  })
  @UseGuards(OrchestratorGuard)
  @Delete(':id')
  terminate(@Param('id') id: string): Instance {
    return this.instances.terminate(id);
  }
}
