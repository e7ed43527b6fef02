import { RECORD_LIMITS } from './record-limits.js';
import { type SizeBudget } from './size-budget.js';

/** Names longer than this, or more of them, are no names that an application gives its loggers. */
const REMEMBERED = { characters: 64, names: 1_000 } as const;

/** Looks at each logger's name once: an application has few loggers, and each of them logs again and again. */
export class LoggerNames {
  /** Names in which there is nothing to hide and nothing to cut. */
  private readonly harmless = new Set<string>();

  /** @returns the name as a record may hold it */
  bounded(name: string, budget: SizeBudget): string {
    if (this.harmless.has(name)) return name;
    const bounded = budget.bounded(name, RECORD_LIMITS.name);
    const isKept = name.length <= REMEMBERED.characters && this.harmless.size < REMEMBERED.names;
    if (isKept && bounded === name) this.harmless.add(name);
    return bounded;
  }
}
