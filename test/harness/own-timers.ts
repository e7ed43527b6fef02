import { createHook } from 'node:async_hooks';

const OWN_SOURCES = /[\\/](?:src|dist)[\\/](?:monitor|subscription|stream|client)[\\/]/;

/** Follows the timers that the package's own code starts, also those that do not keep the process alive. */
export class OwnTimers implements Disposable {
  private readonly alive = new Map<number, string>();
  private started = 0;
  private readonly hook = createHook({
    init: (id, type) => {
      if (type !== 'Timeout') return;
      const stack = new Error('started here').stack ?? '';
      if (!this.sources.test(stack)) return;
      this.started += 1;
      this.alive.set(id, stack);
    },
    destroy: (id) => void this.alive.delete(id),
  }).enable();

  /** @param sources paths of the code whose timers count */
  constructor(private readonly sources = OWN_SOURCES) {}

  /** How many were started so far. */
  get total(): number {
    return this.started;
  }

  /** Where those were started that still wait. */
  get waiting(): string[] {
    return [...this.alive.values()];
  }

  [Symbol.dispose](): void {
    this.hook.disable();
  }
}

/** What keeps the process alive that did not before; what only went, as a timer of the test runner, is left out. */
export function addedResources(before: Record<string, number>): Record<string, number> {
  const added = Object.entries(activeResources()).map(
    ([kind, count]) => [kind, count - (before[kind] ?? 0)] as const,
  );
  return Object.fromEntries(added.filter(([, count]) => count > 0));
}

/** How many resources of each kind keep the process alive. */
export function activeResources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
