import { type JSX } from 'preact';
import { count } from '../model/format.js';
import { cutText, isOrdinary, piecesOf } from '../model/visible-text.js';

interface VisibleProps {
  readonly text: string;
  /** What to mark. */
  readonly needle?: string;
  /** Most characters shown. */
  readonly most?: number;
  readonly lineBreaks?: boolean;
}

/** Log text: only ever text nodes, with what cannot be seen made visible, and not longer than a page can bear. */
export function Visible({ text, needle = '', most = 400, lineBreaks = false }: VisibleProps): JSX.Element {
  if (needle === '' && text.length <= most && isOrdinary(text)) return <bdi class="text">{text}</bdi>;
  const { text: shown, missing } = cutText(text, most);
  return (
    <bdi class="text">
      {piecesOf(shown, needle, lineBreaks).map(({ kind, text: piece, title }, index) => {
        if (kind === 'found') return <mark key={index}>{piece}</mark>;
        if (kind === 'plain') return piece;
        return (
          <span key={index} class="control" title={title}>
            {piece}
          </span>
        );
      })}
      {missing > 0 && <span class="missing"> … {count(missing)} more characters</span>}
    </bdi>
  );
}

/** The same inside of a row, where an element more for each text is what a burst costs. */
export function visibleIn(text: string, needle = '', most = 80): JSX.Element | string {
  if (needle === '' && text.length <= most && isOrdinary(text)) return text;
  return <Visible text={text} needle={needle} most={most} />;
}
