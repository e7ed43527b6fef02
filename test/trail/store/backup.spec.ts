import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAnchors } from '../../../src/trail/evidence/anchor-file.js';
import { verifyTrail } from '../../../src/trail/evidence/verify/verify-trail.js';
import { anchorDiffers } from '../../../src/trail/store/store.messages.js';
import { TrailReader } from '../../../src/trail/sqlite/reader/trail-reader.js';
import { hasSqlite, rawDatabase, record, TrailDirectory, verified, whyNoSqlite } from './a-trail.js';

/** As docs/audit.md says: from another connection, while the app goes on. */
function backUp(file: string, copy: string): void {
  using db = rawDatabase(file);
  db.exec(`VACUUM INTO '${copy}'`);
}

describe.skipIf(!hasSqlite)(`A copy of a trail${whyNoSqlite}`, () => {
  it('that was made while the trail was written to is whole, and verifies', async () => {
    await using directory = new TrailDirectory();
    const { file, path } = directory;
    const store = await directory.open();
    const before = await Promise.all(Array.from({ length: 200 }, (_, i) => store.append(record(i))));
    await store.checkpoint();
    const during = Promise.all(Array.from({ length: 2_000 }, (_, i) => store.append(record(200 + i))));
    const copy = join(path, 'copy.db');
    backUp(file, copy);
    await during;
    const report = await verified(copy);
    expect(report.verdict).toBe('ok');
    expect(report.last).toBeGreaterThanOrEqual(before.length);
    // Its copies of the anchors and of the key are those that it had then.
    copyFileSync(`${file}.key`, `${copy}.key`);
    const restored = await directory.open({ file: copy });
    expect(await restored.append(record(1, { id: 'new' }))).toMatchObject({ seq: report.last + 1 });
  });

  it('that is old is refused where the anchors know of more, and shown by them as cut off', async () => {
    await using directory = new TrailDirectory();
    const { file, path } = directory;
    const store = await directory.open();
    await store.append(record(1));
    await store.checkpoint();
    const copy = join(path, 'copy.db');
    backUp(file, copy);
    for (let number = 2; number <= 10; number++) await store.append(record(number));
    await store.close();
    for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
    copyFileSync(copy, file);
    await expect(directory.open()).rejects.toMatchObject({
      code: 'broken',
      message: anchorDiffers(file, `${file}.anchors`, 10),
    });
    using reader = TrailReader.open(file);
    const report = await verifyTrail(reader.evidence(), { anchors: readAnchors(`${file}.anchors`) });
    expect(report).toMatchObject({ verdict: 'truncated', exitCode: 4, firstBadSeq: 2 });
  });
});
