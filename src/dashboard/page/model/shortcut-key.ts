/** What is known of a key that was pressed. */
export interface PressedKey {
  readonly key: string;
  /** Its place on the keyboard, as `KeyS`. */
  readonly code: string;
  readonly shiftKey: boolean;
}

/**
 * The key as shortcuts name it, whatever layout is in use: a letter in lower case under Caps Lock too, by its place where
 * the layout has another script there, and a digit where the layout wants shift for digits.
 */
export function shortcutKey({ key, code, shiftKey }: PressedKey): string {
  if (/^[A-Za-z]$/.test(key)) return key.toLowerCase();
  const [, letter] = /^Key([A-Z])$/.exec(code) ?? [];
  if (letter && !isAscii(key)) return letter.toLowerCase();
  const [, digit] = /^Digit([0-9])$/.exec(code) ?? [];
  return digit && !shiftKey && key.length === 1 ? digit : key;
}

function isAscii(key: string): boolean {
  return key.charCodeAt(0) < 0x80;
}
