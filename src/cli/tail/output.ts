import { once } from 'node:events';
import { type Output } from '../command-io.js';
import { isReaderGone } from '../reader-gone.js';

/** Writes at the pace of who reads, and finds out when nobody does any more. */
export class PacedOutput {
  private readonly controller = new AbortController();
  /** Aborted when nothing can be written any more. */
  readonly closed: AbortSignal = this.controller.signal;
  /** Why, unless who reads simply has enough, as `head`. */
  failure: Error | undefined;

  constructor(private readonly output: Output) {
    // Stays when the command is done: the error of the last write comes later.
    output.on('error', (error: Error) => {
      if (!isReaderGone(error)) this.failure = error;
      this.controller.abort();
    });
  }

  /** @returns when more may be written */
  async write(text: string): Promise<void> {
    if (this.closed.aborted || this.output.write(text)) return;
    await once(this.output, 'drain', { signal: this.closed }).catch(() => {});
  }
}
