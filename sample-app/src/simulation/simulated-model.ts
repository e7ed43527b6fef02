import { Injectable, Logger } from '@nestjs/common';
import { Chance } from './chance.js';
import { Clock } from './clock.js';
import { Provider } from './provider.js';
import { ModelUnavailableError, TurnTimeoutError } from './turn-errors.js';

const TIMEOUT_MS = 4_000;
/** An answer that takes longer is worth a warning. */
const SLOW_MS = 2_200;
const ANSWERS = [
  'Done.',
  'Here is what I found.',
  'I need another look at this.',
  'All checks pass.',
] as const;

type Fate = 'answer' | 'fail' | 'hang';

/** Stands in for a language model: takes its time, and sometimes fails or does not answer. */
@Injectable()
export class SimulatedModel {
  private readonly logger = new Logger('app.model');

  constructor(
    private readonly clock: Clock,
    private readonly chance: Chance,
    private readonly provider: Provider,
  ) {}

  /**
   * @throws TurnTimeoutError now and then, and always for the prompt `/hang`
   * @throws ModelUnavailableError now and then, while the provider is down, and always for the prompt `/fail`
   */
  async answer(model: string, prompt: string): Promise<string> {
    const started = this.clock.now();
    const fate = this.fateOf(prompt);
    if (fate === 'hang') {
      await this.clock.delay(TIMEOUT_MS);
      throw new TurnTimeoutError(TIMEOUT_MS);
    }
    await this.clock.delay(this.chance.between(600, this.provider.condition === 'slow' ? 3_800 : 2_500));
    if (fate === 'fail')
      throw new ModelUnavailableError(model, new Error('connect ECONNREFUSED 10.0.0.7:443'));
    const answer = this.chance.pick(ANSWERS) ?? ANSWERS[0];
    this.report(model, prompt, answer, this.clock.now() - started);
    return answer;
  }

  private report(model: string, prompt: string, answer: string, duration_ms: number): void {
    const usage = {
      prompt_tokens: 1_200 + prompt.length,
      cached_tokens: 1_024,
      completion_tokens: 12 + answer.length,
    };
    if (duration_ms > SLOW_MS)
      this.logger.warn('Slow answer', { model, duration_ms, limit_ms: SLOW_MS, usage });
    else this.logger.debug('Model answered', { model, duration_ms, usage });
  }

  private fateOf(prompt: string): Fate {
    if (prompt === '/hang') return 'hang';
    if (prompt === '/fail' || this.provider.condition === 'down') return 'fail';
    const draw = this.chance.draw();
    if (draw < 0.03) return 'hang';
    return draw < 0.05 ? 'fail' : 'answer';
  }
}
