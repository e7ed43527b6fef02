import { Injectable } from '@nestjs/common';

export type ProviderCondition = 'healthy' | 'slow' | 'down';

/** The company whose models the agents use, and how it is doing. */
@Injectable()
export class Provider {
  condition: ProviderCondition = 'healthy';
}
