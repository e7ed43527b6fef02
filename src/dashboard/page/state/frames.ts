/** A render that takes longer than this leaves too little of a frame, in milliseconds. */
const LONG_MS = 6;

/**
 * At most one render a frame: however many records arrive, what depends on them is told once, before the browser
 * paints. After one that took long the next frame is left to scrolling, keys and painting. In a tab that nobody sees no
 * frames come, and nothing is rendered.
 */
export class Frames {
  private readonly waiting = new Set<() => void>();
  private request = 0;
  private resting = false;

  /** @param nextFrame has a function called with the next frame; gives a number other than 0 */
  constructor(private readonly nextFrame = (run: () => void): number => requestAnimationFrame(run)) {}

  /** @param render the same function for the same thing, so that it runs once */
  next(render: () => void): void {
    this.waiting.add(render);
    if (this.request === 0) this.ask();
  }

  private ask(): void {
    this.request = this.nextFrame(() => this.run());
  }

  private run(): void {
    if (this.resting) {
      this.resting = false;
      return this.ask();
    }
    this.request = 0;
    const renders = [...this.waiting];
    this.waiting.clear();
    const started = performance.now();
    for (const render of renders) render();
    // Preact renders in a microtask, which comes before this one.
    queueMicrotask(() => (this.resting = performance.now() - started > LONG_MS));
  }
}
