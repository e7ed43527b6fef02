import { expect, type TestContext } from 'vitest';
import { type Verdict } from './account.js';

/** One row of docs/reliability.md. */
export interface Finding {
  readonly what: string;
  /** How much of it. */
  readonly load: string;
  /** What was seen. */
  readonly outcome: string;
  readonly verdict: Verdict;
}

declare module 'vitest' {
  interface TaskMeta {
    finding?: Finding;
  }
}

/** Holds the account of a test to what it must be, and hands the row to the reporter. */
export function report({ task }: TestContext, finding: Finding): void {
  const { missing, duplicate, outOfOrder, wrong } = finding.verdict;
  expect({ missing, duplicate, outOfOrder, wrong }).toEqual({
    missing: 0,
    duplicate: 0,
    outOfOrder: 0,
    wrong: 0,
  });
  task.meta.finding = finding;
}
