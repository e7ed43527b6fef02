import { Body, Controller, Post } from '@nestjs/common';
import { type Burst, BurstService } from './burst.service.js';
import { CreateBurstDto } from './create-burst.dto.js';

@Controller('traffic')
export class TrafficController {
  constructor(private readonly bursts: BurstService) {}

  /** Answers when all records of the burst are logged. */
  @Post('burst')
  burst(@Body() { count }: CreateBurstDto): Promise<Burst> {
    return this.bursts.run(count);
  }
}
