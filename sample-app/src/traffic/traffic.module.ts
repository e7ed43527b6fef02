import { Module } from '@nestjs/common';
import { CoordinationsModule } from '../coordinations/coordinations.module.js';
import { InstancesModule } from '../instances/instances.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { SimulationModule } from '../simulation/simulation.module.js';
import { BurstService } from './burst.service.js';
import { MemoryWatchService } from './memory-watch.service.js';
import { OutagesService } from './outages.service.js';
import { StaffingService } from './staffing.service.js';
import { TrafficController } from './traffic.controller.js';
import { TrafficService } from './traffic.service.js';

@Module({
  imports: [InstancesModule, MessagesModule, CoordinationsModule, SimulationModule],
  controllers: [TrafficController],
  providers: [TrafficService, StaffingService, MemoryWatchService, OutagesService, BurstService],
})
export class TrafficModule {}
