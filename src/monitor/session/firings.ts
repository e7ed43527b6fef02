import { type LogRecord } from '../../record/log-record.js';
import { type AlertData } from '../../wire/alert.js';
import { compileFilters } from '../../wire/filter/compile-filter.js';
import { type Access } from '../access/access.js';

/** How many are kept for those who come later. */
const KEPT = 20;

/** An alert that has fired, with the record that made it. */
export interface Firing {
  readonly data: AlertData;
  readonly record: LogRecord;
}

/** The last alerts that have fired. */
export class Firings {
  private firings: readonly Firing[] = [];

  add(firing: Firing): void {
    this.firings = [...this.firings, firing].slice(-KEPT);
  }

  /** Of all of them what somebody may learn of, oldest first. */
  seenBy(access: Access): AlertData[] {
    return this.firings.filter((firing) => maySee(access, firing)).map(({ data }) => data);
  }
}

/** Whether somebody may see the record of a firing, and so learn that there was one; whatever they filter for. */
export function maySee(access: Access, { record }: Firing): boolean {
  const passes = compileFilters(access.narrow({})) ?? (() => true);
  return access.categories.includes(record.category) && passes(record);
}
