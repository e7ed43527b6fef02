import { type Finding } from './finding.js';
import { VERDICTS, type Verdict } from './verdict.js';

/** Most that are kept: a trail can be wrong at every entry, and memory must not grow with that. */
const MOST_KEPT = 100;

/** Collects what is wrong: the first hundred of it, the count, and the worst verdict of all. */
export class Findings {
  readonly kept: Finding[] = [];
  count = 0;
  /** First entry that something is wrong with; a bad key says nothing of one. */
  firstSeq: number | undefined;
  private readonly verdicts = new Set<Verdict>();

  get verdict(): Verdict {
    return VERDICTS.find((verdict) => this.verdicts.has(verdict)) ?? 'ok';
  }

  add(finding: Finding): void {
    this.count += 1;
    if (this.kept.length < MOST_KEPT) this.kept.push(finding);
    this.verdicts.add(finding.verdict);
    if (finding.verdict !== 'bad_key') this.firstSeq = Math.min(this.firstSeq ?? Infinity, finding.seq);
  }

  has(verdict: Verdict): boolean {
    return this.verdicts.has(verdict);
  }
}
