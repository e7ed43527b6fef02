/** ESC, and the one character of the upper half that stands for ESC and the bracket. */
const INTRODUCER = '(?:\\u001b\\[|\\u009b)';

/** Select Graphic Rendition, ECMA-48, section 8.3.117: colours and weights, and nothing that moves or erases. */
const SGR = new RegExp(`${INTRODUCER}([0-9;:]{0,64})m`, 'g');

/** Whether there may be any: most texts have none, and a search for one character is all that they cost. */
// oxlint-disable-next-line no-control-regex -- these are what it is about
const INTRODUCED = /[\u001b\u009b]/;

/** How a stretch of text looks: one of the sixteen colours of a terminal, and whether it is bold. */
export interface AnsiStyle {
  /** 0 to 7 black, red, green, yellow, blue, magenta, cyan, white; 8 to 15 the bright ones. */
  readonly colour?: number;
  readonly bold?: true;
}

/** A stretch of text in one style. */
export interface AnsiRun {
  readonly start: number;
  readonly end: number;
  readonly style: AnsiStyle;
}

/** A text without its colour codes, and where it has which. */
export interface AnsiText {
  readonly text: string;
  readonly runs: readonly AnsiRun[];
}

/** Leaves out colour codes. What else a terminal would obey stays, to be made visible. */
export function withoutColours(text: string): string {
  return INTRODUCED.test(text) ? text.replace(SGR, '') : text;
}

/** Reads colour codes: colours are brought to the sixteen, backgrounds and the rest are left out. */
export function readColours(text: string): AnsiText {
  if (!INTRODUCED.test(text)) return { text, runs: [] };
  const runs: AnsiRun[] = [];
  let plain = '';
  let from = 0;
  let style: AnsiStyle = {};
  const add = (piece: string): void => {
    const isStyled = style.colour !== undefined || style.bold;
    if (piece !== '' && isStyled) runs.push({ start: plain.length, end: plain.length + piece.length, style });
    plain += piece;
  };
  for (const match of text.matchAll(SGR)) {
    add(text.slice(from, match.index));
    style = changed(style, match[1]!);
    from = match.index + match[0].length;
  }
  add(text.slice(from));
  return { text: plain, runs };
}

function changed(before: AnsiStyle, parameters: string): AnsiStyle {
  let { colour, bold } = before;
  const codes = parameters.split(/[;:]/).map(Number);
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index]!;
    if (code === 0) colour = bold = undefined;
    else if (code === 1) bold = true;
    else if (code === 22) bold = undefined;
    else if (code === 39) colour = undefined;
    else if (code >= 30 && code <= 37) colour = code - 30;
    else if (code >= 90 && code <= 97) colour = code - 90 + 8;
    else if (code === 38 || code === 48) {
      const isIndexed = codes[index + 1] === 5;
      const values = codes.slice(index + 2, index + (isIndexed ? 3 : 5));
      index += isIndexed ? 2 : 4;
      if (code === 38) colour = isIndexed ? ofPalette(values[0] ?? 0) : ofRgb(values);
    }
  }
  return { ...(colour === undefined ? {} : { colour }), ...(bold ? { bold } : {}) };
}

/** The palette of 256: sixteen, a cube of 6 by 6 by 6, and 24 greys. */
function ofPalette(index: number): number {
  if (index < 16) return index;
  if (index >= 232) return ofRgb(Array(3).fill((index - 232) * 10 + 8));
  const cube = index - 16;
  return ofRgb([Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((step) => step * 51));
}

/** The nearest of the sixteen, by its parts and how bright it is. */
function ofRgb([red = 0, green = 0, blue = 0]: readonly number[]): number {
  const most = Math.max(red, green, blue);
  const part = (value: number): number => Number(value > most * 0.6);
  const hue = most < 64 ? 0 : part(red) + 2 * part(green) + 4 * part(blue);
  return most > 200 && hue !== 7 ? hue + 8 : most > 220 ? 15 : hue;
}
