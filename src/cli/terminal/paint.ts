import { styleText } from 'node:util';
import { type AnsiStyle } from '../../wire/ansi.js';
import { type Output } from '../command-io.js';

/** Names of what is shown; what they look like is decided here only. */
export type Style = keyof typeof STYLES;

const STYLES = {
  time: 'gray',
  DEBUG: 'gray',
  INFO: 'green',
  WARNING: 'yellow',
  ERROR: 'red',
  CRITICAL: ['bold', 'white', 'bgRed'],
  logger: 'cyan',
  audit: 'magenta',
  message: 'reset',
  emphasis: 'bold',
  key: 'gray',
  value: 'reset',
  faint: 'gray',
  gap: 'yellow',
} as const satisfies Record<string, Parameters<typeof styleText>[0]>;

/**
 * The sixteen colours that somebody may log in. Nobody knows the background here: black, white and bright white, which
 * are that of one terminal or the other, stay what the terminal writes in, so that nothing can be hidden.
 */
const LOGGED = [
  undefined,
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  undefined,
  'gray',
  'redBright',
  'greenBright',
  'yellowBright',
  'blueBright',
  'magentaBright',
  'cyanBright',
  undefined,
] as const;

type Format = Exclude<Parameters<typeof styleText>[0], readonly unknown[]>;

/**
 * Colours a text, or not.
 *
 * @param logged how it was logged, which comes on top of the style
 */
export type Paint = (style: Style, text: string, logged?: AnsiStyle) => string;

const plain: Paint = (_style, text) => text;

const coloured: Paint = (style, text, logged) => {
  const own: readonly Format[] = [STYLES[style]].flat();
  const formats = [...own, ...formatsOf(logged)].filter((format) => format !== 'reset');
  // The stream was looked at once, together with what the user asked for.
  return formats.length === 0 ? text : styleText(formats, text, { validateStream: false });
};

function formatsOf({ colour, bold }: AnsiStyle = {}): Format[] {
  const format = colour === undefined ? undefined : LOGGED[colour];
  return [...(format ? [format] : []), ...(bold ? (['bold'] as const) : [])];
}

/**
 * @param wanted what a flag says, which wins
 * @see https://no-color.org, and what Node makes of FORCE_COLOR
 */
export function paintFor(
  output: Pick<Output, 'isTTY'>,
  env: Readonly<Record<string, string | undefined>>,
  wanted?: boolean,
): Paint {
  return (wanted ?? colours(output, env)) ? coloured : plain;
}

function colours(
  { isTTY }: Pick<Output, 'isTTY'>,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isTTY === true && TERM !== 'dumb';
}
