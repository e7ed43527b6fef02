import { setTimeout as pause } from 'node:timers/promises';

/** Longest wait for anything that must happen, in milliseconds: a hang is a finding, with a name. */
export const PATIENCE_MS = 30_000;

/** Waits for a promise, but not for ever. */
export async function within<T>(promise: Promise<T>, what: string, ms = PATIENCE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${ms} ms: ${what}`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until something is so, asking every few milliseconds: a thousand clients need the event loop. */
export async function so(condition: () => boolean, what: string, ms = PATIENCE_MS): Promise<void> {
  const start = performance.now();
  while (!condition()) {
    if (performance.now() - start > ms) throw new Error(`not within ${ms} ms: ${what}`);
    await pause(5);
  }
}
