import { type LogStreamItem } from './items.js';

/** Items that came together. */
export interface ItemBatch {
  readonly items: readonly LogStreamItem[];
  /** Characters that they were on the wire. */
  readonly size: number;
}

/**
 * How much a consumer may be behind before the server is asked to pause. What is on its way then still comes.
 *
 * @publicApi
 */
export interface BufferOptions {
  /** @default 8_192 */
  readonly records?: number;
  /**
   * Characters on the wire.
   * @default 16_777_216
   */
  readonly size?: number;
}

const DEFAULTS = { records: 8_192, size: 16 * 1024 * 1024 } as const;

/** Below this part of its bounds a queue has room again: pausing and resuming for every record would be slow. */
const LOW_WATER_MARK = 0.25;

/** What one consumer has not taken yet. */
export class ItemQueue {
  private readonly bounds: Required<BufferOptions>;
  private batches: ItemBatch[] = [];
  /** Of the next item, in the first batch. */
  private index = 0;
  private records = 0;
  private size = 0;

  constructor(options: BufferOptions = {}) {
    this.bounds = { ...DEFAULTS, ...options };
  }

  get full(): boolean {
    return this.records >= this.bounds.records || this.size >= this.bounds.size;
  }

  get low(): boolean {
    const { records, size } = this.bounds;
    return this.records <= records * LOW_WATER_MARK && this.size <= size * LOW_WATER_MARK;
  }

  push(batch: ItemBatch): void {
    if (batch.items.length === 0) return;
    this.batches.push(batch);
    this.records += batch.items.length;
    this.size += batch.size;
  }

  shift(): LogStreamItem | undefined {
    const [batch] = this.batches;
    const item = batch?.items[this.index];
    if (!batch || !item) return undefined;
    this.index += 1;
    this.records -= 1;
    if (this.index < batch.items.length) return item;
    this.index = 0;
    this.size -= batch.size;
    this.batches.shift();
    return item;
  }

  clear(): void {
    this.batches = [];
    this.index = this.records = this.size = 0;
  }
}
