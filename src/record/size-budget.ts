import { RECORD_LIMITS } from './record-limits.js';
import { type SecretTexts } from './redaction/secret-texts.js';

/** Counts what one record may still hold, and remembers whether anything was cut. */
export class SizeBudget {
  private left: number = RECORD_LIMITS.fields;
  private isCut = false;

  /** @param secrets what is taken out of each text, before it is cut: half of a secret does not look like one */
  constructor(private readonly secrets?: SecretTexts) {}

  get truncated(): boolean {
    return this.isCut;
  }

  get exhausted(): boolean {
    return this.left <= 0;
  }

  get spent(): number {
    return RECORD_LIMITS.fields - this.left;
  }

  /** Accounts for something that is not text. */
  spend(characters: number): void {
    this.left -= characters;
  }

  truncate(): void {
    this.isCut = true;
  }

  /** Cuts a text to what one text, and this record, may still hold. */
  text(value: string): string {
    const limit = Math.min(RECORD_LIMITS.text, Math.max(this.left, 0));
    // What was read counts, also where a secret took most of it: it is what bounds the time of a record.
    this.left -= Math.min(value.length, limit);
    return this.bounded(value, limit);
  }

  /** Cuts a message or a name, which have limits of their own and are not part of the fields. */
  bounded(value: string, limit: number): string {
    const clean = this.secrets?.clean(value, limit) ?? value;
    return value.length <= limit && clean.length <= limit ? clean : this.cutAt(clean, limit);
  }

  /** Cuts what holds no secret. */
  cut(value: string, limit: number): string {
    return value.length <= limit ? value : this.cutAt(value, limit);
  }

  private cutAt(value: string, length: number): string {
    this.isCut = true;
    const end = Math.min(length, value.length);
    const last = value.charCodeAt(end - 1);
    // Never half of a surrogate pair: the other half would make the text ill-formed.
    const splitsPair = last >= 0xd800 && last <= 0xdbff;
    return value.slice(0, splitsPair ? end - 1 : end);
  }
}
