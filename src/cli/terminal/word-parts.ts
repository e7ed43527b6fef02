/**
 * Behind what a long word may go on in the next line: what parts the members of JSON, of a path, of a query. Not
 * behind the point of `3.25`, and not within a time.
 */
const BREAK = /(?<=[,;:=&?/|}\])])(?![,;:=&?/|}\])])(?<!\d:(?=\d))/;

/** Cuts a word that is longer than a line where a reader expects it to be cut. */
export function parts(word: string): string[] {
  return word.split(BREAK);
}
