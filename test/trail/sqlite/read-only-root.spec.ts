import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { whyNoMounts } from '../harness/own-mounts.js';
import { TrailDirectory, verified } from '../store/a-trail.js';

const PROGRAM = join(import.meta.dirname, '../store/trail-program.mjs');

/** Only the directory of the trail can be written to, as in a container with `readOnlyRootFilesystem`. */
const SCRIPT = `
  mount --bind "$1" /mnt
  for place in /tmp /var/tmp; do mount --bind $place $place && mount -o remount,bind,ro $place || exit; done
  ! touch /tmp/writable 2>/dev/null || exit
  cd /proc
  exec "$2" "$3" prune /mnt/audit.db`;

describe('A trail in a container whose root is read-only', () => {
  it.skipIf(whyNoMounts !== '')(`needs no directory for temporary files${whyNoMounts}`, async () => {
    await using directory = new TrailDirectory();
    const { path, file } = directory;
    const said = execFileSync('unshare', ['-rm', 'sh', '-c', SCRIPT, 'sh', path, process.execPath, PROGRAM], {
      encoding: 'utf8',
    });
    expect(said).toMatch(/^pruned [1-9]\d{3}\n$/);
    expect(await verified(file)).toMatchObject({ verdict: 'ok' });
  });
});
