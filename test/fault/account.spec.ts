import { describe, expect, it } from 'vitest';
import { bareApp } from '../harness/bare-app.js';
import { Account, NOTHING } from './account.js';
import { Canary } from './canary.js';

/** Ten records, of which the canary's numbers 0 to 9 are at the positions 1 to 10; the audit record is number 0. */
async function account(book: (account: Account) => void, auditOnly = false): Promise<object> {
  await using app = await bareApp();
  using canary = new Canary(app);
  canary.publish(10);
  const judged = new Account(canary, ({ audit }) => !auditOnly || audit);
  judged.begin(1);
  book(judged);
  return judged.verdict(11);
}

const deliver = (account: Account, ...seqs: number[]): void => {
  for (const seq of seqs) account.deliver(seq, seq - 1);
};

describe('the account of a canary finds', () => {
  it('nothing where all is well', async () => {
    expect(await account((it) => deliver(it, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10))).toEqual({
      ...NOTHING,
      delivered: 10,
    });
  });

  it('what is missing in the middle and at the end', async () => {
    const verdict = await account((it) => deliver(it, 1, 2, 5, 6, 7));
    expect(verdict).toEqual({ ...NOTHING, delivered: 5, missing: 5 });
  });

  it('what was reported as gone', async () => {
    const verdict = await account((it) => {
      deliver(it, 1, 2);
      it.gap(3, 8);
      deliver(it, 9, 10);
    });
    expect(verdict).toEqual({ ...NOTHING, delivered: 4, told: 6 });
  });

  it('a gap that is shorter than what is gone', async () => {
    const verdict = await account((it) => {
      deliver(it, 1, 2);
      it.gap(3, 6);
      deliver(it, 9, 10);
    });
    expect(verdict).toEqual({ ...NOTHING, delivered: 4, told: 4, missing: 2 });
  });

  it('what comes twice', async () => {
    const verdict = await account((it) => deliver(it, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1));
    expect(verdict).toEqual({ ...NOTHING, delivered: 12, duplicate: 2 });
  });

  it('what comes out of order', async () => {
    const verdict = await account((it) => deliver(it, 1, 3, 2, 4, 5, 6, 7, 8, 9, 10));
    expect(verdict).toEqual({ ...NOTHING, delivered: 10, outOfOrder: 1 });
  });

  it('what the filter should have held back', async () => {
    const verdict = await account((it) => deliver(it, 1, 2), true);
    expect(verdict).toEqual({ ...NOTHING, delivered: 2, wrong: 1, filtered: 8 });
  });

  it('a cursor that runs ahead of what was delivered', async () => {
    const verdict = await account((it) => {
      deliver(it, 1, 2);
      it.reach(5);
      deliver(it, 5, 6, 7, 8, 9, 10);
    });
    expect(verdict).toEqual({ ...NOTHING, delivered: 8, missing: 2 });
  });

  it('what shows in a text of any kind, and should not', async () => {
    const verdict = await account((it) => it.see('{"error":{"message":"canary 0 canary 3"}}'), true);
    expect(verdict).toEqual({ ...NOTHING, wrong: 1, filtered: 9, missing: 1 });
  });

  it('another content', async () => {
    const verdict = await account((it) => {
      it.deliver(1, 7);
      deliver(it, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    });
    expect(verdict).toEqual({ ...NOTHING, delivered: 10, wrong: 1 });
  });
});
