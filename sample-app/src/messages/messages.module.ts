import { Module } from '@nestjs/common';
import { InstancesModule } from '../instances/instances.module.js';
import { SimulationModule } from '../simulation/simulation.module.js';
import { ToolsModule } from '../tools/tools.module.js';
import { MessagesController } from './messages.controller.js';
import { MessagesService } from './messages.service.js';
import { TurnRunner } from './turn-runner.js';

@Module({
  imports: [InstancesModule, SimulationModule, ToolsModule],
  controllers: [MessagesController],
  providers: [MessagesService, TurnRunner],
  exports: [MessagesService],
})
export class MessagesModule {}
