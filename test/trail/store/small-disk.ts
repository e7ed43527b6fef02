import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of its own, in memory, small enough to fill. Only where this user may mount. */
export class SmallDisk implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'disk-'));

  private constructor() {}

  /** @returns `undefined` where this user may not mount */
  static mount(size: string): SmallDisk | undefined {
    if (process.platform !== 'linux') return undefined;
    const disk = new SmallDisk();
    if (run('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk.path)) return disk;
    rmdirSync(disk.path);
    return undefined;
  }

  readOnly(): void {
    run('mount', '-o', 'remount,ro', this.path);
  }

  [Symbol.dispose](): void {
    // Lazily: what is still open must not keep it.
    run('umount', '-l', this.path);
    rmdirSync(this.path);
  }
}

/** Behind the name of a test: why it is skipped, where it is. */
export const whyNoSmallDisk = canMount() ? '' : ' (skipped: this user may not mount a file system)';

function canMount(): boolean {
  using disk = SmallDisk.mount('64k');
  return disk !== undefined;
}

function run(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args).status === 0;
}
