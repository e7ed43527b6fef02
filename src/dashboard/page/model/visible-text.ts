import { type AnsiStyle, type AnsiText, withoutColours } from '../../../wire/ansi.js';
import { linksIn } from './links.js';
import { Marks } from './marks.js';

/** A piece of a text, and how it is shown. */
export interface Piece {
  readonly kind: 'plain' | 'control';
  readonly text: string;
  /** What a control character is, for who points at it. */
  readonly title?: string;
  /** What it was found by: 0 the search, 1 to 3 a term that is marked. */
  readonly mark?: number;
  readonly style?: AnsiStyle;
  /** Where a click on it leads: an address that it is a part of. */
  readonly href?: string;
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

/** What begins an address of the web. */
const ADDRESS = '://';

/** Whether a text can be shown as it is: rows are rendered by the thousand, and most of what they show is this. */
export function isOrdinary(text: string): boolean {
  return ORDINARY.test(text) && !text.includes(ADDRESS);
}

/**
 * Cuts a text into pieces: what is found in it, its colours, the addresses in it, and what cannot be seen, in a form
 * that can.
 *
 * @param lineBreaks whether line feeds are left to break lines
 */
export function piecesOf({ text, runs }: AnsiText, marks: Marks = Marks.NONE, lineBreaks = false): Piece[] {
  const pieces: Piece[] = [];
  const found = marks.in(text);
  const links = linksIn(text);
  const edges = new Set([0, text.length]);
  for (const { start, end } of [...found, ...links, ...runs]) edges.add(start).add(end);
  const places = [...edges].filter((place) => place <= text.length).toSorted((one, other) => one - other);
  places.slice(1).forEach((end, index) => {
    const start = places[index]!;
    const around = <T extends { readonly start: number; readonly end: number }>(
      spans: readonly T[],
    ): T | undefined => spans.find((span) => span.start <= start && span.end >= end);
    const mark = around(found)?.mark;
    const style = around(runs)?.style;
    const href = around(links)?.href;
    pushVisible(pieces, text.slice(start, end), lineBreaks, {
      ...(mark === undefined ? {} : { mark }),
      ...(style ? { style } : {}),
      ...(href === undefined ? {} : { href }),
    });
  });
  return pieces;
}

/** The same for where there is only text: a title, a label. */
export function visibleText(text: string): string {
  return withoutColours(text).replace(INVISIBLE, (character) => nameOf(character));
}

function pushVisible(
  pieces: Piece[],
  text: string,
  lineBreaks: boolean,
  look: Pick<Piece, 'mark' | 'style' | 'href'>,
): void {
  let from = 0;
  for (const match of text.matchAll(INVISIBLE)) {
    const [character] = match;
    if (lineBreaks && character === '\n') continue;
    if (match.index > from) pieces.push({ kind: 'plain', text: text.slice(from, match.index), ...look });
    if (lineBreaks && character === LINE_END) {
      from = match.index + 1;
      continue;
    }
    pieces.push({ ...look, kind: 'control', text: nameOf(character), title: codeOf(character) });
    from = match.index + character.length;
  }
  if (from < text.length) pieces.push({ kind: 'plain', text: text.slice(from), ...look });
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
