import { open, type FileHandle } from 'node:fs/promises';
import { constants } from 'node:fs';
import { createPrivate } from '../private-file.js';
import { readSpool } from './spool-lines.js';

/** Lines handed over at once. */
const BATCH = 500;

interface Waiting {
  readonly bytes: Buffer;
  readonly resolve: (kept: boolean) => void;
}

/**
 * A file for entries while the trail cannot take them: one JSON text a line, on disk when `add` says so, handed over in
 * order. A crash between handing over and cutting the file hands entries over twice; their ids tell.
 *
 * What is in it is not yet part of the chain: until it is handed over, nothing shows a change to it.
 */
export class Spool {
  /** Where the next line goes; what a write that failed left behind this is overwritten. */
  private end = 0;
  /** Up to here the lines were handed over. */
  private done = 0;
  private lines = 0;
  private readonly waiting: Waiting[] = [];
  private waitingBytes = 0;
  private writing = false;
  /** Lines of the write that is under way. */
  private inWrite = 0;
  private written: Promise<void> = Promise.resolve();
  /** One change of the file at a time. */
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly file: FileHandle,
    private readonly limit: number,
    /** Ids of intents whose outcome was in the file when it was opened. */
    readonly answered: ReadonlySet<string>,
  ) {}

  /** @param limit bytes that the file may have; 0: it takes nothing, but what it has is handed over */
  static async open(path: string, limit: number): Promise<Spool> {
    createPrivate(path);
    // As it was a file a moment ago: what was put into its place meanwhile is not followed.
    const file = await open(path, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
    try {
      const answered = new Set<string>();
      const spool = new Spool(file, limit, answered);
      for await (const { texts, end } of readSpool(file, 0)) {
        spool.end = end;
        spool.lines += texts.length;
        for (const text of texts) noteAnswer(text, answered);
      }
      return spool;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Lines that were not handed over. */
  get entries(): number {
    return this.lines + this.waiting.length + this.inWrite;
  }

  get bytes(): number {
    return this.end;
  }

  /** True when a later entry may pass: nothing is left ahead of it. */
  get isEmpty(): boolean {
    return this.entries === 0 && !this.writing;
  }

  /**
   * Resolves when the text is on disk, with false when it is not: the file is full, or its disk.
   *
   * @param beyond bytes over the limit that this text may take
   */
  add(text: string, beyond = 0): Promise<boolean> {
    const bytes = Buffer.from(`${text}\n`);
    const room = this.limit === 0 ? 0 : this.limit + beyond - this.end - this.waitingBytes;
    if (bytes.length > room) return Promise.resolve(false);
    return new Promise((resolve) => {
      this.waiting.push({ bytes, resolve });
      this.waitingBytes += bytes.length;
      if (!this.writing) this.written = this.writeWaiting();
    });
  }

  /**
   * Hands everything over, oldest first, and empties the file.
   *
   * @param take gets some texts; when it rejects, they come again the next time
   */
  async drain(take: (texts: readonly string[]) => Promise<void>): Promise<void> {
    while (this.done < this.end) {
      for await (const { texts, end } of readSpool(this.file, this.done, this.end)) {
        for (let from = 0; from < texts.length; from += BATCH) await take(texts.slice(from, from + BATCH));
        this.done = end;
        this.lines -= texts.length;
      }
    }
    await this.exclusively(() => this.empty());
  }

  /** Resolves when all that was added is on disk or refused, and its callers have been told. */
  settled(): Promise<void> {
    return this.written;
  }

  /** What it holds stays for the next start. */
  async close(): Promise<void> {
    await this.settled();
    await this.exclusively(() => Promise.resolve());
    await this.file.close();
  }

  private async empty(): Promise<void> {
    if (this.end === 0 || this.done < this.end) return;
    await this.file.truncate(0);
    await this.file.datasync();
    this.end = 0;
    this.done = 0;
  }

  /** While one write is under way, what comes waits; the next write takes all of it. */
  private async writeWaiting(): Promise<void> {
    this.writing = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0);
      this.inWrite = batch.length;
      const kept = await this.exclusively(() => this.write(Buffer.concat(batch.map(({ bytes }) => bytes))));
      this.waitingBytes -= batch.reduce((sum, { bytes }) => sum + bytes.length, 0);
      this.inWrite = 0;
      if (kept) this.lines += batch.length;
      for (const { resolve } of batch) resolve(kept);
    }
    this.writing = false;
  }

  private async write(bytes: Buffer): Promise<boolean> {
    try {
      for (let from = 0; from < bytes.length;) {
        const { bytesWritten } = await this.file.write(bytes, from, bytes.length - from, this.end + from);
        from += bytesWritten;
      }
      await this.file.datasync();
      this.end += bytes.length;
      return true;
    } catch {
      // Half a line would be read as one that was damaged.
      await this.file.truncate(this.end).catch(() => undefined);
      return false;
    }
  }

  private exclusively<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }
}

function noteAnswer(text: string, answered: Set<string>): void {
  // Most lines answer no intent, and are not worth parsing.
  if (!text.includes('"intent":"')) return;
  try {
    const { data } = JSON.parse(text) as { data?: { intent?: unknown; outcome?: unknown } };
    if (typeof data?.intent === 'string' && data.outcome !== undefined) answered.add(data.intent);
  } catch {
    // Damaged: counted when it is handed over.
  }
}
