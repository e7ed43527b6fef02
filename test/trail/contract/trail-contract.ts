import { describe } from 'vitest';
import { appendContract } from './append.js';
import { evidenceContract } from './evidence.js';
import { intentsContract } from './intents.js';
import { queryContract } from './query.js';
import { retentionContract } from './retention.js';
import { spoolContract } from './spool.js';
import { type MakeFixture } from './trail-fixture.js';

/**
 * What every store of a trail promises, behind `TrailBackend`, `TrailView` and `TrailLocation`. A store has a spec of its own
 * that calls this with how a trail of its own is made.
 *
 * @param skip why, where it cannot run
 */
export function trailContract(store: string, make: MakeFixture, skip = ''): void {
  describe.skipIf(skip !== '')(`a trail in ${store}${skip}`, () => {
    describe('when it is appended to', () => {
      appendContract(make);
    });
    describe('when it is asked', () => {
      queryContract(make);
    });
    describe('when it is pruned', () => {
      retentionContract(make);
    });
    describe('as evidence', () => {
      evidenceContract(make);
    });
    describe('while its store takes nothing', () => {
      spoolContract(make);
    });
    describe('of calls that end later', () => {
      intentsContract(make);
    });
  });
}
