import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { trailAt } from '../../../src/trail/trail-at.js';
import { hasSqlite, record, TrailDirectory, whyNoSqlite } from '../store/a-trail.js';

const golden = (end: string): string => fileURLToPath(new URL(`../golden/format-1.${end}`, import.meta.url));

/** A trail that the first version has written: 30 records and an open intent, ten of them pruned, a change of keys. */
function restored({ file }: TrailDirectory): string {
  writeFileSync(file, gunzipSync(readFileSync(golden('db.gz'))));
  for (const end of ['key', 'anchors']) copyFileSync(golden(end), `${file}.${end}`);
  // As a version control system leaves it, others can read it.
  chmodSync(`${file}.key`, 0o600);
  return file;
}

describe.skipIf(!hasSqlite)(`A trail of the first version${whyNoSqlite}`, () => {
  it('verifies, answers and goes on', async () => {
    await using directory = new TrailDirectory();
    const file = restored(directory);
    const anchors = `${file}.anchors`;
    expect(await trailAt(file).verify({ trusted: [], anchors })).toMatchObject({
      verdict: 'ok',
      prunedThrough: 10,
      last: 34,
      signedThrough: 34,
      findings: [],
    });
    const store = await directory.open();
    expect((await store.query({ target: 'u-3' })).entries.map(({ data }) => data.message)).toEqual([
      'role changed 17',
      'role changed 24',
    ]);
    expect((await store.openIntents()).map(({ id }) => id)).toEqual(['open-intent']);
    expect((await store.append(record(32))).seq).toBe(35);
    await store.close();
    expect(await trailAt(file).verify({ trusted: [store.key.verifier], anchors })).toMatchObject({
      verdict: 'ok',
      last: 35,
      signedThrough: 35,
    });
  });
});
