import { type TrailReport } from '../evidence/verify/trail-report.js';
import { type TrailLocation, type VerifyRequest, type VerifyRun } from '../store/trail-backend.js';
import { type TrailView } from '../store/trail-view.js';
import { realPathOf } from './file-place.js';
import { SqliteView } from './sqlite-view.js';
import { verifyInThread } from './verify/verify-in-thread.js';

/** A trail in a file of SQLite. */
export class SqliteLocation implements TrailLocation {
  /** Where links lead to: whether there is a log beside it, nobody must ask beside a link. */
  protected readonly file: string;

  constructor(file: string) {
    this.file = realPathOf(file);
  }

  get name(): string {
    return this.file;
  }

  view(): TrailView {
    return new SqliteView(this.file);
  }

  verify(request: VerifyRequest, run?: VerifyRun): Promise<TrailReport> {
    return verifyInThread({ file: this.file, ...request }, run);
  }
}
