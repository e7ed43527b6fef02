import { Module } from '@nestjs/common';
import { Chance } from './chance.js';
import { Clock } from './clock.js';
import { SimulatedModel } from './simulated-model.js';
import { SystemClock } from './system-clock.js';

@Module({
  providers: [{ provide: Clock, useClass: SystemClock }, Chance, SimulatedModel],
  exports: [Clock, Chance, SimulatedModel],
})
export class SimulationModule {}
