/**
 * `<epoch>-<position>`. Behind it may stand `~<seq>`: the place behind that record, whatever the position says, so that
 * a client that was given one cursor for a whole batch can come back for the middle of it.
 */
export const CURSOR = /^([0-9a-z]{1,32})-([0-9a-z]{1,11})(?:~(0|[1-9][0-9]{0,15}))?$/;

/** Whether a text can have been given out as a cursor, by whichever application. */
export function isCursor(text: string): boolean {
  return CURSOR.test(text);
}
