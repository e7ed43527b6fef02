/** Lets a test wait until what a client has received is what it wants, or the client's connection has closed. */
export class Arrivals {
  private readonly waiting = new Set<() => void>();
  private closed: string | undefined;

  /** To be called when something has come. */
  note(): void {
    for (const check of this.waiting) check();
  }

  /** To be called when nothing comes any more. @param received what a test would want to see of it */
  end(received = ''): void {
    this.closed = ['the connection closed before', received].filter(Boolean).join(': ');
    this.note();
  }

  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const met = condition();
        if (!met && this.closed === undefined) return;
        this.waiting.delete(check);
        if (met) resolve();
        else reject(new Error(this.closed));
      };
      this.waiting.add(check);
      check();
    });
  }
}
