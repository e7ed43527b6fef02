import { randomFillSync } from 'node:crypto';

/** The variant bits (`10`) and 30 random bits, all of them set. */
const HIGHEST_MIDDLE = 0xbfff_ffff;

/**
 * Makes UUIDs of version 7 (RFC 9562, section 5.7): 48 bits of time in milliseconds, then 74 random bits. The ids of
 * one instance are strictly increasing: within a millisecond, and when the clock is set back, the low 62 bits count up
 * by a random step (section 6.2, method 2), so that the next id cannot be guessed.
 */
export class UuidV7 {
  private readonly id = Buffer.alloc(16);
  /** Random bytes are drawn in advance: one system call for many ids. */
  private readonly noise = Buffer.alloc(256);
  private position = this.noise.length;
  private time = -1;

  /** @param now milliseconds since the epoch */
  next(now: number = Date.now()): string {
    if (now > this.time) this.startAt(now);
    else this.countUp();
    const hex = this.id.toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  private startAt(time: number): void {
    this.time = time;
    this.id.writeUIntBE(time, 0, 6);
    this.id.writeUInt16BE(0x7000 | (this.draw() & 0x0fff), 6);
    // The highest of the counting bits starts as zero: room to count up.
    this.id.writeUInt32BE((0x8000_0000 | (this.draw() & 0x1fff_ffff)) >>> 0, 8);
    this.id.writeUInt32BE(this.draw(), 12);
  }

  private countUp(): void {
    const low = this.id.readUInt32BE(12) + 1 + this.draw();
    const carry = Math.floor(low / 2 ** 32);
    const middle = this.id.readUInt32BE(8) + carry;
    if (middle > HIGHEST_MIDDLE) return this.startAt(this.time + 1);
    this.id.writeUInt32BE(middle, 8);
    this.id.writeUInt32BE(low % 2 ** 32, 12);
  }

  /** 32 random bits. */
  private draw(): number {
    if (this.position === this.noise.length) {
      randomFillSync(this.noise);
      this.position = 0;
    }
    this.position += 4;
    return this.noise.readUInt32BE(this.position - 4);
  }
}
