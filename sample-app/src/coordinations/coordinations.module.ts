import { Module } from '@nestjs/common';
import { InstancesModule } from '../instances/instances.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { SimulationModule } from '../simulation/simulation.module.js';
import { CoordinationsController } from './coordinations.controller.js';
import { CoordinationsService } from './coordinations.service.js';

@Module({
  imports: [InstancesModule, MessagesModule, SimulationModule],
  controllers: [CoordinationsController],
  providers: [CoordinationsService],
  exports: [CoordinationsService],
})
export class CoordinationsModule {}
