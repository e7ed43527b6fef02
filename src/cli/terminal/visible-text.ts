/** Tabs stand for this. */
const TAB = '  ';

/** The picture of U+0000: those of the others follow. */
const PICTURES = 0x2400;
const DELETE = 0x7f;

/**
 * What a terminal would obey or not show: control characters (C0, C1, delete), invisible ones, among them those that
 * turn the direction of text, line and paragraph separators, halves of characters. The two joiners stay: scripts and
 * emoji need them.
 */
const HIDDEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The same, but for line feeds. */
const HIDDEN_IN_LINES = /(?![\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Makes logged text harmless: whoever gets text logged must not be able to move the cursor of who reads it, to colour,
 * reorder or hide what others logged, or to have the terminal answer.
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, picture);
}

/** The same, with its lines. */
export function visibleLines(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(HIDDEN_IN_LINES, picture);
}

function picture(character: string): string {
  if (character === '\t') return TAB;
  const code = character.codePointAt(0)!;
  if (code < 0x20) return String.fromCodePoint(PICTURES + code);
  if (code === DELETE) return '\u2421';
  return `\\u{${code.toString(16)}}`;
}

/** JSON that a terminal can be shown: the same value. */
export function visibleJson(json: string): string {
  return json.replace(HIDDEN, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
