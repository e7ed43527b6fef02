/** Bounds of a ring. */
export interface RingBounds {
  /** Most spans. */
  readonly records: number;
  /** Most bytes that all spans may take, with what lies unused between them. */
  readonly bytes: number;
}

/** A quiet application never needs more; a busy one gets there in few steps. */
const FIRST = { bytes: 64 * 1024, slots: 256 } as const;

/**
 * Spans of bytes in one buffer, oldest first: a new one takes the place of the oldest when there is no room.
 *
 * For the garbage collector all of it is one object. An array of 10,000 record objects, each of which outlives the young
 * generation to be evicted from the old one, cost an application a third more CPU a request and four times the p99.
 *
 * A span is contiguous: what does not fit behind the last one begins at the start of the buffer again.
 */
export class ByteRing {
  buffer: Buffer;
  view: DataView;
  private offsets = new Float64Array(FIRST.slots);
  private sizes = new Uint32Array(FIRST.slots);
  private marks = new Uint8Array(FIRST.slots);
  /** Slot of the oldest span; the others follow it, modulo the number of slots. */
  private first = 0;
  private count = 0;
  /** Where the next span begins, unless it has to begin at the start. */
  private head = 0;
  private taken = 0;
  /** Set once a larger buffer was refused: this machine has no more. */
  private isLargest = false;

  /** @param evicted told the mark of each span that goes */
  constructor(
    private readonly bounds: RingBounds,
    private readonly evicted: (mark: number) => void,
  ) {
    this.buffer = Buffer.allocUnsafeSlow(Math.min(FIRST.bytes, bounds.bytes));
    this.view = viewOf(this.buffer);
  }

  get length(): number {
    return this.count;
  }

  /** Bytes of all spans. */
  get bytes(): number {
    return this.taken;
  }

  /** Bytes of the buffer and of the arrays beside it. */
  get allocated(): number {
    const { buffer, offsets, sizes, marks } = this;
    return buffer.length + offsets.byteLength + sizes.byteLength + marks.byteLength;
  }

  /** @param index from 0, the oldest */
  offsetOf(index: number): number {
    return this.offsets[this.slotOf(index)]!;
  }

  sizeOf(index: number): number {
    return this.sizes[this.slotOf(index)]!;
  }

  /**
   * Makes room for a span behind the newest, evicting what is in its way. It counts once it is {@link commit}ted.
   *
   * @returns where it begins
   */
  reserve(size: number): number {
    if (this.count >= this.bounds.records) this.evict();
    if (size > this.bounds.bytes || this.buffer.length > this.bounds.bytes) this.resizeFor(size);
    for (;;) {
      const offset = this.room(size);
      if (offset !== undefined) return offset;
      if (!this.grow(size)) this.evict();
    }
  }

  /**
   * Keeps what was written into the room that was reserved last.
   *
   * @param size of it, which may be smaller than what was reserved
   * @param mark anything from 0 to 255 that is to be known of the span when it goes
   */
  commit(offset: number, size: number, mark: number): void {
    if (this.count === this.offsets.length) this.addSlots();
    const slot = this.slotOf(this.count);
    this.offsets[slot] = offset;
    this.sizes[slot] = size;
    this.marks[slot] = mark;
    this.head = offset + size;
    this.count += 1;
    this.taken += size;
  }

  evict(): void {
    const { first } = this;
    this.taken -= this.sizes[first]!;
    this.first = (first + 1) & (this.offsets.length - 1);
    this.count -= 1;
    this.evicted(this.marks[first]!);
  }

  private slotOf(index: number): number {
    return (this.first + index) & (this.offsets.length - 1);
  }

  private room(size: number): number | undefined {
    const { head, buffer } = this;
    if (this.count === 0) return size <= buffer.length ? 0 : undefined;
    const tail = this.offsets[this.first]!;
    // Behind its end the buffer is free up to the oldest span; when both meet, it is full.
    if (head <= tail) return head + size <= tail ? head : undefined;
    if (head + size <= buffer.length) return head;
    return size <= tail ? 0 : undefined;
  }

  /** @returns false when it is as large as it may be, and something has to go */
  private grow(size: number): boolean {
    const { length } = this.buffer;
    const larger = Math.min(Math.max(2 * length, size), this.bounds.bytes);
    if (this.count > 0) return larger > length && !this.isLargest && this.moveTo(larger);
    this.replaceBuffer(larger);
    return true;
  }

  /** A span larger than all of them may be together has a buffer of its own, for as long as it is the newest. */
  private resizeFor(size: number): void {
    while (this.count > 0) this.evict();
    this.replaceBuffer(Math.max(size, Math.min(FIRST.bytes, this.bounds.bytes)));
  }

  private moveTo(length: number): boolean {
    const from = this.buffer;
    try {
      this.replaceBuffer(length);
    } catch {
      // Better a shorter history than a log call that throws.
      this.isLargest = true;
      return false;
    }
    let head = 0;
    for (let index = 0; index < this.count; index++) {
      const slot = this.slotOf(index);
      const offset = this.offsets[slot]!;
      const size = this.sizes[slot]!;
      from.copy(this.buffer, head, offset, offset + size);
      this.offsets[slot] = head;
      head += size;
    }
    this.head = head;
    return true;
  }

  private replaceBuffer(length: number): void {
    this.buffer = Buffer.allocUnsafeSlow(length);
    this.view = viewOf(this.buffer);
  }

  private addSlots(): void {
    const { offsets, sizes, marks, count } = this;
    const length = 2 * offsets.length;
    this.offsets = new Float64Array(length);
    this.sizes = new Uint32Array(length);
    this.marks = new Uint8Array(length);
    for (let index = 0; index < count; index++) {
      const from = (this.first + index) & (offsets.length - 1);
      this.offsets[index] = offsets[from]!;
      this.sizes[index] = sizes[from]!;
      this.marks[index] = marks[from]!;
    }
    this.first = 0;
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
