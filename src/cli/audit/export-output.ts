import { open, rm, type FileHandle } from 'node:fs/promises';
import { type PacedOutput } from '../tail/output.js';
import { refusal } from './audit-error.js';
import { cannotWrite, outputExists } from './audit.messages.js';

/** Only for the owner: an export holds who did what, from where. */
const OWNER_ONLY = 0o600;

/** Written at once: many small writes cost more than all the rest. */
const CHUNK = 65_536;

/** Where an export goes: a new file, which is there as a whole or not at all, or who reads the output. */
export class ExportOutput implements AsyncDisposable {
  private waiting = '';
  private isComplete = false;

  private constructor(
    private readonly output: PacedOutput,
    private readonly path: string | undefined,
    private readonly file: FileHandle | undefined,
    private readonly shown: (text: string) => string,
  ) {}

  /**
   * @param shown makes harmless what a terminal is shown; files and pipes get what is stored
   * @throws CliError when the file exists, or cannot be made
   */
  static async open(
    path: string | undefined,
    output: PacedOutput,
    shown: (text: string) => string,
  ): Promise<ExportOutput> {
    if (path === undefined) return new ExportOutput(output, undefined, undefined, shown);
    try {
      return new ExportOutput(output, path, await open(path, 'wx', OWNER_ONLY), shown);
    } catch (error) {
      const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST';
      throw refusal(isThere ? outputExists(path) : cannotWrite(path, (error as Error).message));
    }
  }

  /** @returns whether something was really written: then there was a pause, too */
  async write(text: string): Promise<boolean> {
    this.waiting += text;
    if (this.waiting.length < CHUNK) return false;
    await this.flush();
    return true;
  }

  /** All was given. */
  async complete(): Promise<void> {
    await this.flush();
    try {
      await this.file?.sync();
    } catch (error) {
      throw refusal(cannotWrite(this.path!, (error as Error).message));
    }
    this.isComplete = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.file?.close();
    // Half an export must not pass for one: a CSV does not show that it was cut off.
    if (this.path !== undefined && !this.isComplete) await rm(this.path, { force: true });
  }

  private async flush(): Promise<void> {
    const text = this.waiting;
    this.waiting = '';
    if (!this.file) return this.output.write(this.shown(text));
    try {
      await this.file.appendFile(text);
    } catch (error) {
      throw refusal(cannotWrite(this.path!, (error as Error).message));
    }
  }
}
