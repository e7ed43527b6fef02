import { randomFillSync } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, rmSync, statfsSync, writeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ResolvedTrailOptions } from '../../../options/trail-options.js';
import { OWNER_ONLY } from '../../store/private-file.js';

const CHUNK_BYTES = 65_536;

/** A new ballast must not itself fill the disk. */
const ROOM_FOR_BALLAST = 4;

/** Watches the free space of the trail's disk, and keeps a ballast on it to give up when there is none left. */
export class DiskSpace {
  private readonly ballast: string;
  private hasBallast = false;
  private freeBytes = Number.POSITIVE_INFINITY;

  constructor(
    private readonly file: string,
    private readonly limits: ResolvedTrailOptions['space'],
  ) {
    this.ballast = `${file}.ballast`;
    this.hasBallast = existsSync(this.ballast);
  }

  /** As of the last {@link look}; infinite where the system does not tell. */
  get free(): number {
    return this.freeBytes;
  }

  get isLow(): boolean {
    return this.freeBytes < this.limits.lowBytes;
  }

  /** Asks the system; makes the ballast when there is room for it. */
  look(): void {
    this.freeBytes = freeSpace(this.file);
    const { ballastBytes, lowBytes } = this.limits;
    if (ballastBytes === 0 || this.hasBallast) return;
    if (this.freeBytes >= Math.max(lowBytes, ROOM_FOR_BALLAST * ballastBytes)) this.makeBallast(ballastBytes);
  }

  /** @returns false when there was none */
  giveUpBallast(): boolean {
    if (!this.hasBallast) return false;
    this.hasBallast = false;
    rmSync(this.ballast, { force: true });
    return true;
  }

  private makeBallast(bytes: number): void {
    // Random: a file system that compresses would keep nothing back for zeros.
    const chunk = randomFillSync(Buffer.alloc(CHUNK_BYTES));
    try {
      // Whatever is there by that name is not written through.
      rmSync(this.ballast, { force: true });
      const file = openSync(this.ballast, 'wx', OWNER_ONLY);
      try {
        for (let written = 0; written < bytes;)
          written += writeSync(file, chunk, 0, Math.min(chunk.length, bytes - written));
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      this.hasBallast = true;
    } catch {
      rmSync(this.ballast, { force: true });
    }
  }
}

function freeSpace(file: string): number {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
