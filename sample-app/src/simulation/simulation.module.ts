import { Module } from '@nestjs/common';
import { Chance } from './chance.js';
import { Clock } from './clock.js';
import { Provider } from './provider.js';
import { Rhythm } from './rhythm.js';
import { SimulatedModel } from './simulated-model.js';
import { SystemClock } from './system-clock.js';

@Module({
  providers: [{ provide: Clock, useClass: SystemClock }, Chance, Rhythm, Provider, SimulatedModel],
  exports: [Clock, Chance, Rhythm, Provider, SimulatedModel],
})
export class SimulationModule {}
