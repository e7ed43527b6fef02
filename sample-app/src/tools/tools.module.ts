import { Module } from '@nestjs/common';
import { SimulationModule } from '../simulation/simulation.module.js';
import { Toolbox } from './toolbox.js';

@Module({ imports: [SimulationModule], providers: [Toolbox], exports: [Toolbox] })
export class ToolsModule {}
