/** A set of ASCII characters, asked for by code. */
export class CharacterClass {
  private readonly members = new Uint8Array(128);

  constructor(characters: string) {
    for (const character of characters) this.members[character.charCodeAt(0)] = 1;
  }

  has(code: number): boolean {
    return code < 128 && this.members[code] === 1;
  }

  /** The first position from `start` on that holds something else. */
  endOf(text: string, start: number, limit = text.length): number {
    let end = start;
    while (end < limit && this.has(text.charCodeAt(end))) end += 1;
    return end;
  }

  /** The first position from `start` on that holds one of these. */
  next(text: string, start: number, limit = text.length): number {
    let position = start;
    while (position < limit && !this.has(text.charCodeAt(position))) position += 1;
    return position;
  }
}

const DIGITS = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
export const ALPHANUMERIC = `${LOWER}${LOWER.toUpperCase()}${DIGITS}`;

export const DIGIT = new CharacterClass(DIGITS);
export const LOWER_CASE = new CharacterClass(LOWER);
/** What continues a word, so that digits beside it are a part of something else, as of a hash. */
export const WORD = new CharacterClass(`${ALPHANUMERIC}_`);
