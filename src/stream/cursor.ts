import { randomBytes } from 'node:crypto';
import { type CursorCodec, type ParsedCursor } from './record-source.js';

/**
 * `<epoch>-<position>`. Behind it may stand `~<seq>`: the place behind that record, whatever the position says, so that
 * a client that was given one cursor for a whole batch can come back for the middle of it.
 */
const CURSOR = /^([0-9a-z]{1,32})-([0-9a-z]{1,11})(?:~(0|[1-9][0-9]{0,15}))?$/;

/** Whether a text can have been given out as a cursor, by whichever application. */
export function isCursor(text: string): boolean {
  return CURSOR.test(text);
}

/**
 * Writes and reads cursors: opaque texts that name a position in this stream and no other. The epoch is new with
 * every start, so that a client that resumes is never given records of another run in place of those it missed.
 */
export class Cursors implements CursorCodec {
  readonly epoch = `${Date.now().toString(36)}${randomBytes(5).toString('hex')}`;

  /** @param epoch this one's, but for records that an audit keeper has of earlier ones */
  format(position: number, epoch = this.epoch): string {
    return `${epoch}-${position.toString(36)}`;
  }

  /** @returns `undefined` when the text is no cursor at all */
  parse(cursor: string): ParsedCursor | undefined {
    const [, epoch, behind, seq] = CURSOR.exec(cursor) ?? [];
    if (epoch === undefined) return undefined;
    const position = seq === undefined ? Number.parseInt(behind!, 36) : Number(seq) + 1;
    return epoch === this.epoch ? { known: true, position } : { known: false, place: { epoch, position } };
  }
}
