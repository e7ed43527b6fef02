/** Time, as the simulated work sees it: a test turns a clock of its own by hand. */
export abstract class Clock {
  /** Milliseconds since the epoch. */
  abstract now(): number;

  /** Runs `action` once, `ms` milliseconds from now, unless the app shuts down before. */
  abstract after(ms: number, action: () => void): void;

  /** Resolves `ms` milliseconds from now; never, when the app shuts down before. */
  delay(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }
}
