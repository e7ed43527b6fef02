const BEYOND_LATIN_1 = /[\u0100-\uffff]/;

/**
 * Whether each character of a text fits into a byte, as in nearly every log line. The others are kept as UTF-16, not as
 * UTF-8: half of a surrogate pair stays what it is.
 */
export function isNarrow(text: string): boolean {
  // V8 knows it of the text, and has compiled this for such texts into a constant.
  return !BEYOND_LATIN_1.test(text);
}

export function writeText(buffer: Buffer, text: string, offset: number, narrow: boolean): void {
  buffer.write(text, offset, narrow ? 'latin1' : 'utf16le');
}

export function readText(buffer: Buffer, start: number, end: number, narrow: boolean): string {
  return buffer.toString(narrow ? 'latin1' : 'utf16le', start, end);
}

/** Bytes that a text takes. */
export function textBytes(length: number, narrow: boolean): number {
  return narrow ? length : 2 * length;
}
