import { RECORD_LIMITS } from './record-limits.js';

/** Counts what one record may still hold, and remembers whether anything was cut. */
export class SizeBudget {
  private left: number = RECORD_LIMITS.fields;
  private cut = false;

  get truncated(): boolean {
    return this.cut;
  }

  get exhausted(): boolean {
    return this.left <= 0;
  }

  /** Accounts for something that is not text. */
  spend(characters: number): void {
    this.left -= characters;
  }

  truncate(): void {
    this.cut = true;
  }

  /** Cuts a text to what one text, and this record, may still hold. */
  text(value: string): string {
    const length = Math.min(value.length, RECORD_LIMITS.text, Math.max(this.left, 0));
    this.left -= length;
    return length === value.length ? value : this.cutAt(value, length);
  }

  /** Cuts a message or a name, which have limits of their own and are not part of the fields. */
  bounded(value: string, limit: number): string {
    return value.length <= limit ? value : this.cutAt(value, limit);
  }

  private cutAt(value: string, length: number): string {
    this.cut = true;
    const last = value.charCodeAt(length - 1);
    // Never half of a surrogate pair: the other half would make the text ill-formed.
    const splitsPair = last >= 0xd800 && last <= 0xdbff;
    return value.slice(0, splitsPair ? length - 1 : length);
  }
}
