import { type CommandIo, type Output } from '../command-io.js';

/** Work that is done sooner shows none. */
const PATIENCE_MS = 500;
const EVERY_MS = 100;

/** Erases the line and goes back to its beginning. */
const ERASE = '\r\u001b[K';

/** One line on a terminal that says how far long work is; nothing where there is no terminal. */
export class Progress implements Disposable {
  private readonly isShown: boolean;
  private next: number;
  private isDrawn = false;

  constructor(
    private readonly stderr: Output,
    env: CommandIo['env'],
    private readonly now: () => number = () => performance.now(),
  ) {
    this.isShown = stderr.isTTY === true && env['TERM'] !== 'dumb';
    this.next = now() + PATIENCE_MS;
  }

  /** @param of 0 when that is not known */
  show(what: string, done: number, of: number): void {
    if (!this.isShown || this.now() < this.next) return;
    this.next = this.now() + EVERY_MS;
    const share = of > 0 ? ` of ${of} (${Math.floor((100 * done) / of)} %)` : '';
    this.stderr.write(`${ERASE}${what} ${done}${share}`);
    this.isDrawn = true;
  }

  /** Before something else is written. */
  clear(): void {
    if (!this.isDrawn) return;
    this.stderr.write(ERASE);
    this.isDrawn = false;
  }

  [Symbol.dispose](): void {
    this.clear();
  }
}
