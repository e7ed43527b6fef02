/** How long a filter may go through the history in one go, in milliseconds. */
const SLICE_MS = 1;

/** The clock is read after so many records that did not pass: a search in one of 64 KiB takes 0.1 ms. */
const RECORDS_PER_LOOK = 16;

/** Tells when it is time to look at the event loop, or at least at what else there is to do. */
export class Slice {
  private readonly end: number;
  private looked = 0;
  private over = false;

  constructor(ms = SLICE_MS) {
    this.end = performance.now() + ms;
  }

  get isOver(): boolean {
    return this.over;
  }

  /** A record was looked at for nothing. */
  inVain(): void {
    this.looked += 1;
    if (this.looked % RECORDS_PER_LOOK === 0) this.over = performance.now() >= this.end;
  }
}
