// oxlint-disable-next-line no-control-regex -- what is left of them takes no room
const PLAIN = /^[\x20-\x7e]*$/;

/** Takes two columns: East Asian wide and fullwidth characters (UAX #11), and emoji that are shown as such. */
const WIDE =
  /\p{Emoji_Presentation}|\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{17000}-\u{18cff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]/u;

/** Takes none by itself: accents and the like, the joiners. */
const ZERO = /^[\p{M}\u200c\u200d]+$/u;

const segmenter = new Intl.Segmenter();

/** How many columns of a terminal a text takes. */
export function columnsOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of segmenter.segment(text)) columns += widthOf(segment);
  return columns;
}

/** Cuts a text into pieces that take at most so many columns, at least one character each. */
export function* pieces(text: string, columns: number): Generator<string> {
  if (PLAIN.test(text)) {
    for (let start = 0; start < text.length; start += columns) yield text.slice(start, start + columns);
    return;
  }
  let piece = '';
  let width = 0;
  for (const { segment } of segmenter.segment(text)) {
    const own = widthOf(segment);
    if (piece && width + own > columns) {
      yield piece;
      piece = '';
      width = 0;
    }
    piece += segment;
    width += own;
  }
  if (piece) yield piece;
}

/** The end of a text, of at most so many columns. */
export function ending(text: string, columns: number): string {
  let end = '';
  for (const { segment } of [...segmenter.segment(text)].toReversed()) {
    if (columnsOf(segment + end) > columns) break;
    end = segment + end;
  }
  return end;
}

function widthOf(segment: string): number {
  if (ZERO.test(segment)) return 0;
  return WIDE.test(segment) ? 2 : 1;
}
