import { Module } from '@nestjs/common';
import { CoordinationsModule } from '../coordinations/coordinations.module.js';
import { InstancesModule } from '../instances/instances.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { SimulationModule } from '../simulation/simulation.module.js';
import { MemoryWatchService } from './memory-watch.service.js';
import { TrafficService } from './traffic.service.js';

@Module({
  imports: [InstancesModule, MessagesModule, CoordinationsModule, SimulationModule],
  providers: [TrafficService, MemoryWatchService],
})
export class TrafficModule {}
