import { randomBytes } from 'node:crypto';
import { CURSOR } from '../wire/cursor.js';
import { type CursorCodec, type ParsedCursor } from './record-source.js';

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
