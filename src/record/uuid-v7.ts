import { randomFillSync } from 'node:crypto';

/**
 * Makes UUIDs of version 7 (RFC 9562, section 5.7): 48 bits of time, then random bits, so that they sort by
 * time. Within one millisecond they stay in order by counting up (RFC 9562, section 6.2, method 2).
 */
export class UuidV7 {
  private readonly bytes = Buffer.alloc(16);
  private time = 0;

  next(now: number = Date.now()): string {
    if (now > this.time) {
      this.time = now;
      randomFillSync(this.bytes);
      this.bytes.writeUIntBE(now, 0, 6);
      // The highest random bit stays clear: room to count up within the millisecond.
      this.bytes[6] = 0x70 | (this.bytes[6]! & 0x07);
      this.bytes[8] = 0x80 | (this.bytes[8]! & 0x3f);
    } else {
      // Also when the clock was set back: order holds, time stands still.
      this.countUp();
    }
    const hex = this.bytes.toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  /** Adds a random step to the low 32 bits; an overflow carries into the bits above the variant. */
  private countUp(): void {
    const step = 1 + (randomFillSync(Buffer.alloc(2)).readUInt16BE() & 0x0fff);
    const low = this.bytes.readUInt32BE(12) + step;
    this.bytes.writeUInt32BE(low >>> 0, 12);
    if (low <= 0xffffffff) return;
    const middle = ((this.bytes.readUInt32BE(8) & 0x3fffffff) + 1) >>> 0;
    this.bytes.writeUInt32BE(((middle & 0x3fffffff) | 0x80000000) >>> 0, 8);
  }
}
