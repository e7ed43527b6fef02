import { Body, Controller, Post } from '@nestjs/common';
import { type Coordination } from './coordination.js';
import { CoordinationsService } from './coordinations.service.js';
import { CreateCoordinationDto } from './create-coordination.dto.js';

@Controller('coordinations')
export class CoordinationsController {
  constructor(private readonly coordinations: CoordinationsService) {}

  /** Starts the work; the instances finish it in their own time. */
  @Post()
  start(@Body() body: CreateCoordinationDto): Coordination {
    return this.coordinations.start(body);
  }
}
