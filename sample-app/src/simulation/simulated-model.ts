import { Injectable, Logger } from '@nestjs/common';
import { Chance } from './chance.js';
import { Clock } from './clock.js';
import { ModelUnavailableError, TurnTimeoutError } from './turn-errors.js';

const TIMEOUT_MS = 4_000;
const TOOLS = ['search_files', 'run_tests', 'read_page'] as const;
const ANSWERS = [
  'Done.',
  'Here is what I found.',
  'I need another look at this.',
  'All checks pass.',
] as const;

type Fate = 'answer' | 'fail' | 'hang';

/** Stands in for a language model: takes its time, calls tools, and sometimes fails or does not answer. */
@Injectable()
export class SimulatedModel {
  private readonly logger = new Logger('app.model');

  constructor(
    private readonly clock: Clock,
    private readonly chance: Chance,
  ) {}

  /** The tool that the model wants to use before it answers, if any. */
  chooseTool(): string | undefined {
    return this.chance.happens(0.25) ? this.chance.pick(TOOLS) : undefined;
  }

  async runTool(tool: string): Promise<void> {
    this.logger.verbose('Tool called', { tool });
    await this.clock.delay(this.chance.between(400, 1_500));
  }

  /**
   * @throws TurnTimeoutError now and then, and always for the prompt `/hang`
   * @throws ModelUnavailableError now and then, and always for the prompt `/fail`
   */
  async answer(model: string, prompt: string): Promise<string> {
    const started = this.clock.now();
    const fate = this.fateOf(prompt);
    if (fate === 'hang') {
      await this.clock.delay(TIMEOUT_MS);
      throw new TurnTimeoutError(TIMEOUT_MS);
    }
    await this.clock.delay(this.chance.between(600, 2_500));
    if (fate === 'fail')
      throw new ModelUnavailableError(model, new Error('connect ECONNREFUSED 10.0.0.7:443'));
    const answer = this.chance.pick(ANSWERS) ?? ANSWERS[0];
    this.logger.debug('Model answered', { model, duration_ms: this.clock.now() - started });
    return answer;
  }

  private fateOf(prompt: string): Fate {
    if (prompt === '/hang') return 'hang';
    if (prompt === '/fail') return 'fail';
    const draw = this.chance.draw();
    if (draw < 0.05) return 'hang';
    return draw < 0.1 ? 'fail' : 'answer';
  }
}
