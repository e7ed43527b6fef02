import { parseStart, type StartState } from '../start-state.js';
import { type Findings } from './findings.js';
import * as messages from './verify.messages.js';

/**
 * Checks that what is missing at the start was pruned by the trail itself: a signed entry of kind `pruned` must name
 * just that state. Otherwise whoever can write the file could delete old entries and say that they were pruned.
 */
export class PruningCheck {
  private said: { readonly seq: number; readonly start: StartState } | undefined;

  constructor(
    private readonly start: StartState,
    private readonly findings: Findings,
  ) {}

  /** @param data of an entry of kind `pruned` */
  take(seq: number, data: unknown): void {
    const start = parseStart(data);
    if (start?.through === this.start.through) this.said = { seq, start };
  }

  /** @param signedThrough the last entry that is signed */
  finish(signedThrough: number): void {
    const { through } = this.start;
    if (through === 0) return;
    // Where the tail is missing, or no signature counts, that is what is wrong: it takes the entry along.
    if (this.findings.has('truncated') || this.findings.has('bad_key')) return;
    const problem = this.problem(through, signedThrough);
    if (problem === undefined) return;
    this.findings.add({
      verdict: 'out_of_sequence',
      code: 'unproved_pruning',
      seq: 1,
      to: through,
      text: problem,
    });
  }

  private problem(through: number, signedThrough: number): string | undefined {
    if (!this.said) return messages.pruningNotSaid(through);
    const { seq, start } = this.said;
    if (!sameState(start, this.start)) return messages.pruningDiffers(through, seq);
    if (seq > signedThrough) return messages.pruningNotSigned(through, seq);
    return undefined;
  }
}

/** The size fixes how many hashes a frontier has. Who could leave out a hand-over could bring back the key before it. */
function sameState(one: StartState, other: StartState): boolean {
  return (
    one.chain.equals(other.chain) &&
    one.handovers.join('\n') === other.handovers.join('\n') &&
    one.frontier.every((hash, index) => other.frontier[index]?.equals(hash) === true)
  );
}
