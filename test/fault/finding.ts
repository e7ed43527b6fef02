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

/** One row of the table about the audit trail. */
export interface TrailFinding {
  readonly what: string;
  readonly load: string;
  readonly outcome: string;
  /** Records of which somebody was told that they are stored, and of which were not found again. */
  readonly acknowledged: number;
  readonly lost: number;
  /** Records that could not be kept, as the trail itself counts them in entries of kind `gap`. */
  readonly counted: number;
}

declare module 'vitest' {
  interface TaskMeta {
    finding?: Finding;
    trailFinding?: TrailFinding;
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

/** The same for a test of the trail. */
export function reportTrail({ task }: TestContext, finding: TrailFinding): void {
  expect(finding.lost).toBe(0);
  task.meta.trailFinding = finding;
}
