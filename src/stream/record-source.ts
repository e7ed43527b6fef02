import { type LogLevel } from '../wire/level.js';
import { type LogRecord } from '../record/log-record.js';
import { type AuditKeeper, type StreamPlace } from './audit-keeper.js';

/** What a cursor that a client gave back says. */
export type ParsedCursor =
  | { readonly known: true; readonly position: number }
  /** Of another source, or of this one before its restart: only an audit keeper may know the place. */
  | { readonly known: false; readonly place: StreamPlace };

/** Names positions to clients, by texts that are opaque to them. */
export interface CursorCodec {
  /**
   * Tells the positions of this source from those of any other, and from its own before a restart: 1 to 32 of the
   * characters 0-9 and a-z.
   */
  readonly epoch: string;

  /**
   * @param position of the record that is next to whoever comes back with the cursor
   * @param epoch this source's, but for records that an audit keeper has of earlier ones
   */
  format(position: number, epoch?: string): string;

  /**
   * Behind a text that {@link format} made may stand `~<seq>`: the place behind that record, whatever the text says, so
   * that a client that was given one cursor for a whole batch can come back for the middle of it.
   *
   * @returns `undefined` when the text is no cursor at all
   */
  parse(cursor: string): ParsedCursor | undefined;
}

/**
 * The records of a source that can be read now, the most recent ones. It is the queue of every reader: each has a
 * position of its own in it, and none has a queue.
 *
 * - Positions are contiguous from 1, in the order in which the records came, and never given out twice.
 * - From `start` up to, not including, `end` each position has a record, and that one never changes.
 * - Eviction moves `start` forward, over the oldest records; neither `start` nor `end` ever moves back. It may happen
 *   whenever a record comes, and so whenever a reader hands one on, for that may log: a reader looks at `start` anew.
 *   The newest record is not evicted to make room, however large it is.
 */
export interface RecordHistory {
  /** Position of the oldest record that is still here; equal to {@link end} when there is none. */
  readonly start: number;

  /** Position that the next record will get. */
  readonly end: number;

  /** Most records, and most bytes as {@link bytesAt} counts them, that are here at a time, but for one larger record. */
  readonly bounds: { readonly records: number; readonly bytes: number };

  /**
   * The record at a position, whose `seq` that is. Equal whenever it is asked for; the same object as long as that
   * costs little, so that readers share what they make of it.
   *
   * @returns `undefined` when the record is no longer, or not yet, here
   */
  at(position: number): LogRecord | undefined;

  /** Bytes that the record at a position takes here; 0 when it is not. */
  bytesAt(position: number): number;

  /** Whether audit records at or after a position were evicted. */
  lostAudit(from: number): boolean;

  /** The readers have read what there was: objects made for them may go. A hint, which changes no answer. */
  release(): void;
}

/** @param position of a record that can be read */
export type ProducedListener = (position: number) => void;

/**
 * Where the records that are handed to clients come from, as the fan-out and the monitor see it: they read. Whether they
 * were logged in this process is not theirs to know.
 *
 * `test/unit/stream/record-source.contract.ts` holds what is promised here for each implementation.
 */
export interface RecordSource {
  readonly history: RecordHistory;
  readonly cursors: CursorCodec;

  /** False when the history has only what is on its way to listeners: nothing is there to be replayed. */
  readonly keeps: boolean;

  /**
   * Records that came since the start, by level; one is counted when its listeners are called. A new object or the same one
   * with other numbers: copy it to compare.
   */
  readonly produced: Readonly<Record<LogLevel, number>>;

  /** @internal Who has audit records of this source that its history no longer has, if anybody. */
  readonly keeper: AuditKeeper | undefined;

  /**
   * @internal Set by who reads: whether a reader needs the caller of each line, which costs too much to be looked for
   * otherwise. Records that are here already stay as they are.
   */
  callerExpected: boolean;

  /**
   * @internal Wakes a reader up: calls it once for each record that comes from now on, synchronously. By then more may
   * have come, and this one may be evicted: what there is to read is said by the history.
   *
   * Not called for records that come by what the call itself does, which would never end: whoever does something that
   * may log looks at `end` afterwards. A listener that throws hurts neither the others nor who produces.
   *
   * @returns stops it, and is harmless to call again. A source that does not {@link keeps | keep} its history forgets it
   *   when the last listener stops.
   */
  onProduced(listener: ProducedListener): () => void;
}
