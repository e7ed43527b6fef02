import { type StreamPlace } from '../stream/audit-keeper.js';
import { type RecordHistory } from '../stream/record-source.js';
import { type Account } from './account.js';
import { type LiveGroup } from './live-group.js';
import { type Outlet } from './outlet.js';
import { type Past, type PastPage, type PastRun } from './past.js';

/** Hands a client, page by page, what only the audit keeper has. When to is up to the watcher. */
export class PastReplay {
  constructor(
    private readonly past: Past,
    private readonly history: RecordHistory,
    private readonly outlet: Outlet,
    private readonly account: Account,
  ) {}

  /** Where the next record is read. */
  get at(): StreamPlace {
    return this.past.at;
  }

  /**
   * Reads a page.
   *
   * @param then gets it, or nothing when it cannot be read, and the position that the history goes on from behind it
   */
  read(then: (page: PastPage | undefined, before: number) => void): void {
    const { start } = this.history;
    this.past.read(start).then(
      (page) => then(page, start),
      () => then(undefined, start),
    );
  }

  /**
   * Writes a page.
   *
   * @param isVoid whether the client has been led elsewhere, as by what a write of ours logs
   * @returns false when the client is ended
   */
  write(page: PastPage, before: number, group: LiveGroup, isVoid: () => boolean): boolean {
    if (!page.complete) this.outlet.unrecoverable(false);
    for (const run of page.runs) {
      if (!this.writeRun(run, group)) return false;
      if (isVoid()) return true;
    }
    return !page.done || this.passOver(0, before, group);
  }

  /** The keeper does not know the place, or has failed. @returns false when the client is ended */
  giveUp(): boolean {
    const { history, account } = this;
    if (!this.past.isForeign) return account.skipTo(history.start, 'evicted');
    this.outlet.unrecoverable(true);
    account.position = history.end;
    return true;
  }

  private writeRun(run: PastRun, group: LiveGroup): boolean {
    const { epoch, records } = run;
    // Before it is written: that may log, and so lead to anything.
    this.past.passed(run);
    if (epoch !== undefined) {
      // The account is one of this epoch's records.
      this.account.write(group.reader.frame(records, epoch).bytes);
      return true;
    }
    if (!this.passOver(records.length, records.at(-1)!.seq + 1, group)) return false;
    this.account.deliver(group.reader.frame(records));
    return true;
  }

  /** Accounts for what lies around records that the keeper has: system records, of which it has none. */
  private passOver(kept: number, to: number, { sees }: LiveGroup): boolean {
    const { account } = this;
    const { position: from } = account;
    const lost = to - from - kept;
    if (lost <= 0) return true;
    if (!sees.system) account.filter(lost);
    else if (!account.miss({ from, to, kept, reason: 'evicted', audit: false })) return false;
    if (kept === 0) account.position = to;
    return true;
  }
}
