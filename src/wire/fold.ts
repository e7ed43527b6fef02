/** ASCII: letters have one case, and nothing is composed. */
// oxlint-disable-next-line no-control-regex -- all of ASCII is meant
const ASCII = /^[\u0000-\u007f]*$/;

/** Marks that are put onto the letter before them. */
const COMBINING = /\p{Mn}/u;

/** A text as letters are compared, and where its places are in the text that it was made from. */
export interface Folded {
  readonly text: string;
  /** @param at a place in the folded text @returns the place in the original; its length for the end */
  place(at: number): number;
}

/**
 * Folds case and composition (Unicode, section 5.18 and UAX #15), so that `STRASSE` finds `straße`, `e` and an accent
 * finds `é`, and `istanbul` finds `İstanbul`.
 */
export function foldText(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  // Upper case first: only that makes ß two letters. The dot that lower case leaves of İ goes.
  return text
    .normalize('NFC')
    .toUpperCase()
    .toLowerCase()
    .replaceAll('\u0307', '')
    .replaceAll('ς', 'σ')
    .normalize('NFC');
}

/** The same, with the way back. */
export function fold(text: string): Folded {
  if (ASCII.test(text)) return { text: text.toLowerCase(), place: (at) => at };
  let folded = '';
  const places: number[] = [];
  for (const { start, letters } of clusters(text)) {
    const piece = foldText(letters);
    for (let index = 0; index < piece.length; index += 1) places.push(start);
    folded += piece;
  }
  return { text: folded, place: (at) => places[at] ?? text.length };
}

/** Letters with what is put onto them: composing never goes beyond. */
function* clusters(text: string): Generator<{ readonly start: number; readonly letters: string }> {
  let start = 0;
  let letters = '';
  let at = 0;
  for (const letter of text) {
    if (letters !== '' && !COMBINING.test(letter)) {
      yield { start, letters };
      start = at;
      letters = '';
    }
    letters += letter;
    at += letter.length;
  }
  if (letters !== '') yield { start, letters };
}
