import { type JSX } from 'preact';
import { type AnsiText, readColours } from '../../../wire/ansi.js';
import { count } from '../model/format.js';
import { Marks } from '../model/marks.js';
import { cutText, isOrdinary, type Piece, piecesOf } from '../model/visible-text.js';

interface VisibleProps {
  readonly text: string;
  /** What stands out. */
  readonly marks?: Marks;
  /** Most characters shown. */
  readonly most?: number;
  readonly lineBreaks?: boolean;
}

/** Log text: only ever text nodes, with what cannot be seen made visible, and not longer than a page can bear. */
export function Visible({
  text,
  marks = Marks.NONE,
  most = 400,
  lineBreaks = false,
}: VisibleProps): JSX.Element {
  if (marks.none && text.length <= most && isOrdinary(text)) return <bdi class="text">{text}</bdi>;
  const coloured = readColours(text);
  const { text: shown, missing } = cutText(coloured.text, most);
  return (
    <bdi class="text">
      {piecesOf(cutTo(coloured, shown), marks, lineBreaks).map(show)}
      {missing > 0 && <span class="missing"> … {count(missing)} more characters</span>}
    </bdi>
  );
}

/** The same inside of a row, where an element more for each text is what a burst costs. */
export function visibleIn(text: string, marks = Marks.NONE, most = 80): JSX.Element | string {
  if (marks.none && text.length <= most && isOrdinary(text)) return text;
  return <Visible text={text} marks={marks} most={most} />;
}

function cutTo({ runs }: AnsiText, text: string): AnsiText {
  return {
    text,
    runs: runs.flatMap(({ start, end, style }) =>
      start < text.length ? [{ start, end: Math.min(end, text.length), style }] : [],
    ),
  };
}

function show({ kind, text, title, mark, style, href }: Piece, index: number): JSX.Element | string {
  if (kind === 'plain' && mark === undefined && !style && href === undefined) return text;
  const names = [
    ...(kind === 'control' ? ['control'] : []),
    ...(style?.colour === undefined ? [] : [`ansi-${style.colour}`]),
    ...(style?.bold ? ['ansi-bold'] : []),
  ].join(' ');
  const inner =
    names === '' ? (
      text
    ) : (
      <span class={names} title={title}>
        {text}
      </span>
    );
  const marked = mark === undefined ? inner : <mark class={`mark-${mark}`}>{inner}</mark>;
  if (href === undefined) return <span key={index}>{marked}</span>;
  return (
    <a key={index} class="address" href={href} target="_blank" rel="noopener noreferrer" tabIndex={-1}>
      {marked}
    </a>
  );
}
