/** Most characters of it in a log line. */
const LENGTH = 200;

const COMMANDS = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;

/**
 * What somebody's code threw, for the operator's log. The text of an error often holds what a client sent, as a
 * token that cannot be parsed: it must be neither long nor a second line nor a command to a terminal.
 */
export function thrownText(error: unknown): string {
  try {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : typeof error;
    return lineOf(text, LENGTH);
  } catch {
    // A getter, or a proxy.
    return 'something that cannot be printed';
  }
}

/** A text from outside as part of a line of the operator's log: cut, and without commands and line ends. */
export function lineOf(text: string, length: number): string {
  return (text.length > length ? `${text.slice(0, length)}...` : text).replace(COMMANDS, '\ufffd');
}
