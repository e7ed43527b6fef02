import { fold } from '../../../wire/fold.js';

/** Terms that somebody has marked, beside the search. */
export const MOST_MARKS = 3;

/** What of a text stands out. */
export interface Found {
  readonly start: number;
  readonly end: number;
  /** 0 for the search, 1 to 3 for the terms that were marked. */
  readonly mark: number;
}

/** What is looked for in the texts that are shown: the search, and terms that are marked without hiding anything. */
export class Marks {
  static readonly NONE = new Marks('');
  private readonly terms: readonly { readonly needle: string; readonly mark: number }[];

  constructor(search: string, marked: readonly string[] = []) {
    this.terms = [search, ...marked.slice(0, MOST_MARKS)]
      .map((term, mark) => ({ needle: fold(term.trim()).text, mark }))
      .filter(({ needle }) => needle !== '');
  }

  get none(): boolean {
    return this.terms.length === 0;
  }

  /** Where they stand, in order; where two overlap, the one that begins first, or is longer. */
  in(text: string): Found[] {
    if (this.none) return [];
    const folded = fold(text);
    const found: Found[] = [];
    for (const { needle, mark } of this.terms) {
      for (
        let at = folded.text.indexOf(needle);
        at >= 0;
        at = folded.text.indexOf(needle, at + needle.length)
      ) {
        const start = folded.place(at);
        const end = folded.place(at + needle.length);
        found.push({ start, end, mark });
      }
    }
    const ordered = found.toSorted((one, other) => one.start - other.start || other.end - one.end);
    let until = 0;
    return ordered.filter(({ start, end }) => {
      const isFree = start >= until;
      if (isFree) until = end;
      return isFree;
    });
  }
}
