import { closeSync, openSync, readFileSync, readlinkSync, rmSync, writeSync } from 'node:fs';
import { locked } from '../../store/store.messages.js';
import { OWNER_ONLY } from '../../store/private-file.js';
import { TrailError } from '../../store/trail-error.js';

/**
 * Says in `<file>.owner` which process has the trail. The lock beside it is one of POSIX, which a process gives up by
 * closing any descriptor of the file: a backup that the application makes of its own directory is enough. Whoever gets the
 * lock then finds here that its owner lives, and leaves the trail alone before it has opened anything of it.
 *
 * Only Linux tells a process that has ended from another one with its number, and only within one PID namespace. Elsewhere,
 * as between two containers, {@link Ownership} still shows at the next commit who has taken the trail over.
 */
export class LivingOwner implements Disposable {
  private constructor(
    private readonly path: string,
    private readonly self: string,
  ) {}

  /**
   * To be called with the lock held.
   *
   * @returns `undefined` where processes cannot be told apart, or the file cannot be written, as on a full disk
   * @throws TrailError `locked`
   */
  static take(file: string): LivingOwner | undefined {
    const self = identityOf('self');
    if (self === undefined) return undefined;
    const path = `${file}.owner`;
    const found = read(path);
    if (found !== undefined && found !== self && isAlive(found)) throw new TrailError('locked', locked(file));
    try {
      write(path, self);
    } catch {
      return undefined;
    }
    return new LivingOwner(path, self);
  }

  [Symbol.dispose](): void {
    if (read(this.path) === this.self) rmSync(this.path, { force: true });
  }
}

/** What no other process has had since the machine was booted: `<boot> <PID namespace> <pid> <start>`. */
function identityOf(pid: string): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const space = readlinkSync('/proc/self/ns/pid');
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name of the program, in parentheses, with whatever is in it (proc_pid_stat(5)).
    const behindName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, start] = [behindName[0], behindName[19]];
    if (start === undefined || state === 'Z' || state === 'X') return undefined;
    return `${boot} ${space} ${stat.split(' ', 1)[0]} ${start}`;
  } catch {
    return undefined;
  }
}

function isAlive(identity: string): boolean {
  const pid = identity.split(' ')[2] ?? '';
  return /^\d+$/.test(pid) && identityOf(pid) === identity;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function write(path: string, text: string): void {
  // Whatever is there by that name is not written through.
  rmSync(path, { force: true });
  const file = openSync(path, 'wx', OWNER_ONLY);
  try {
    writeSync(file, text);
  } finally {
    closeSync(file);
  }
}
