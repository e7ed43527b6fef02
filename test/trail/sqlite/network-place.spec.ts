import { afterEach, describe, expect, it, vi } from 'vitest';
import { warnOfNetwork } from '../../../src/trail/sqlite/network-place.js';
import { onTheNetwork } from '../../../src/trail/store/store.messages.js';
import { hasSqlite, openWriter, TrailDirectory, whyNoSqlite } from '../store/a-trail.js';

describe.skipIf(!hasSqlite)(`Where a trail lies${whyNoSqlite}`, () => {
  afterEach(() => vi.restoreAllMocks());

  it('is said when that is a network file system, by the name of its directory', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const asked: string[] = [];
    warnOfNetwork('/data/audit.db', (directory) => (asked.push(directory), 0x6969));
    expect(asked).toEqual(['/data']);
    expect(warn.mock.calls).toEqual([[onTheNetwork('/data/audit.db', 'NFS'), 'LogStreamWarning']]);
    // ext4
    warnOfNetwork('/data/audit.db', () => 0xef53);
    expect(warn).toHaveBeenCalledTimes(1);
  });

  it('is not said of a local disk', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    await using directory = new TrailDirectory();
    openWriter(directory).close();
    expect(warn).not.toHaveBeenCalled();
  });
});
