import { signal } from '@preact/signals';

/** Time between two announcements of what goes on all the time, in milliseconds. */
const INTERVAL_MS = 10_000;

/**
 * What a screen reader is told. What somebody did is told at once; errors that come in are gathered, because a log that
 * speaks every line is switched off.
 */
export class Announcer {
  readonly text = signal('');
  private alarming = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  say(text: string): void {
    this.text.value = text;
  }

  /** An error was logged. */
  alarm(): void {
    this.alarming += 1;
    this.timer ??= setTimeout(() => {
      this.say(this.alarming === 1 ? 'One new error' : `${this.alarming} new errors`);
      this.alarming = 0;
      this.timer = undefined;
    }, INTERVAL_MS);
  }
}
