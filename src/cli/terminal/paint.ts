import { styleText } from 'node:util';
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

/** Colours a text, or not. */
export type Paint = (style: Style, text: string) => string;

const plain: Paint = (_style, text) => text;

// The stream was looked at once, together with what the user asked for.
const coloured: Paint = (style, text) =>
  STYLES[style] === 'reset' ? text : styleText(STYLES[style], text, { validateStream: false });

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
