/** A piece of a text, and how it is shown. */
export interface Piece {
  readonly kind: 'plain' | 'found' | 'control';
  readonly text: string;
  /** What a control character is, for who points at it. */
  readonly title?: string;
}

/**
 * What would act on the reader instead of being read: control characters (a terminal's commands among them), the marks
 * that turn the direction of writing, and what has no width. The tab is left as it is.
 */
const INVISIBLE =
  // oxlint-disable-next-line no-control-regex -- these are what it is about
  /\r\n|[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** As Windows and HTTP end a line: one end, not two. */
const LINE_END = '\r\n';

/** Most log text: it can all be seen, and its direction is the page's. */
const ORDINARY = /^[\u0020-\u007e]*$/;

/** Whether a text can be shown as it is: rows are rendered by the thousand, and most of what they show is this. */
export function isOrdinary(text: string): boolean {
  return ORDINARY.test(text);
}

/**
 * Cuts a text into pieces: where the needle occurs, in any case, and what cannot be seen, in a form that can.
 *
 * @param needle '' for none
 * @param lineBreaks whether line feeds are left to break lines
 */
export function piecesOf(text: string, needle = '', lineBreaks = false): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const { start, end } of occurrences(text, needle.trim().toLowerCase())) {
    pushVisible(pieces, text.slice(from, start), 'plain', lineBreaks);
    pushVisible(pieces, text.slice(start, end), 'found', lineBreaks);
    from = end;
  }
  pushVisible(pieces, text.slice(from), 'plain', lineBreaks);
  return pieces;
}

/** The same for where there is only text: a title, a label. */
export function visibleText(text: string): string {
  return text.replace(INVISIBLE, (character) => nameOf(character));
}

function* occurrences(text: string, needle: string): Generator<{ start: number; end: number }> {
  if (needle === '') return;
  const lower = text.toLowerCase();
  // Some letters get longer in lower case, and then places no longer agree: better no mark than a wrong one.
  if (lower.length !== text.length) return;
  for (let at = lower.indexOf(needle); at >= 0; at = lower.indexOf(needle, at + needle.length)) {
    yield { start: at, end: at + needle.length };
  }
}

function pushVisible(pieces: Piece[], text: string, kind: Piece['kind'], lineBreaks: boolean): void {
  let from = 0;
  for (const match of text.matchAll(INVISIBLE)) {
    const [character] = match;
    if (lineBreaks && character === '\n') continue;
    if (match.index > from) pieces.push({ kind, text: text.slice(from, match.index) });
    if (lineBreaks && character === LINE_END) {
      from = match.index + 1;
      continue;
    }
    pieces.push({ kind: 'control', text: nameOf(character), title: codeOf(character) });
    from = match.index + character.length;
  }
  if (from < text.length) pieces.push({ kind, text: text.slice(from) });
}

function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === '\n' || character === LINE_END) return '↵';
  // Unicode has pictures of the old ones.
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '␡';
  return `⟨${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

function codeOf(text: string): string {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  return codes.map((code) => `U+${code.toString(16).toUpperCase().padStart(4, '0')}`).join(' ');
}

/** @returns the text, cut behind so many characters, and how many are missing; never between two halves of one */
export function cutText(text: string, most: number): { readonly text: string; readonly missing: number } {
  if (text.length <= most) return { text, missing: 0 };
  const halved = /[\ud800-\udbff]/.test(text.charAt(most - 1));
  const kept = halved ? most - 1 : most;
  return { text: text.slice(0, kept), missing: text.length - kept };
}
