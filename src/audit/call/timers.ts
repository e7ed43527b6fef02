/** Timers that keep no process alive and can be stopped together. */
export class Timers {
  private readonly running = new Set<NodeJS.Timeout>();
  private isStopped = false;

  /** @returns stops this one */
  after(milliseconds: number, work: () => void): () => void {
    if (this.isStopped) return () => undefined;
    const timer = setTimeout(() => {
      this.running.delete(timer);
      work();
    }, milliseconds).unref();
    this.running.add(timer);
    return () => {
      clearTimeout(timer);
      this.running.delete(timer);
    };
  }

  /** Stops all of them, and those to come. */
  stop(): void {
    this.isStopped = true;
    for (const timer of this.running) clearTimeout(timer);
    this.running.clear();
  }
}
