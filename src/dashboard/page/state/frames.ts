/**
 * At most one render a frame: however many records arrive, what depends on them is told once, before the browser
 * paints. In a tab that nobody sees no frames come, and nothing is rendered.
 */
export class Frames {
  private readonly waiting = new Set<() => void>();
  private request = 0;

  /** @param render the same function for the same thing, so that it runs once */
  next(render: () => void): void {
    this.waiting.add(render);
    if (this.request === 0) this.request = requestAnimationFrame(() => this.run());
  }

  private run(): void {
    this.request = 0;
    const renders = [...this.waiting];
    this.waiting.clear();
    for (const render of renders) render();
  }
}
