import { type DatabaseSync, type StatementSync } from 'node:sqlite';
import { canonicalPayload } from '../../evidence/canonical-payload.js';
import { wellFormed } from '../../evidence/well-formed.js';
import { resultCode } from '../sqlite.js';
import { invalidEntry, sameIdOtherContent } from '../../store/store.messages.js';
import { type NewEntry, type StoredEntry } from '../../store/trail-entry.js';
import { TrailError } from '../../store/trail-error.js';
import { type TrailHead } from './trail-head.js';

/** Version of the payload. */
const PAYLOAD_VERSION = 1;

/** SQLITE_ERROR (JSON that SQLite does not read), SQLITE_TOOBIG, SQLITE_MISMATCH. */
const UNFIT: ReadonlySet<unknown> = new Set([1, 18, 20]);
/** SQLITE_CONSTRAINT_DATATYPE, _NOTNULL. */
const UNFIT_EXTENDED: ReadonlySet<unknown> = new Set([3091, 1299]);

/** Where an entry is; of one that was there before, where it was. */
export interface PlacedEntry {
  readonly seq: number;
  readonly chain: Uint8Array;
  readonly isNew: boolean;
}

/** Puts entries behind the head, within a transaction of the caller, who restores the head when it fails. */
export class EntryWriter {
  private readonly insert: StatementSync;
  private readonly byId: StatementSync;
  private readonly epoch: StatementSync;
  private lastEpoch: string | undefined;

  constructor(
    db: DatabaseSync,
    private readonly head: TrailHead,
  ) {
    this.insert = db.prepare(
      'INSERT INTO entries (seq, chain, payload) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING',
    );
    this.epoch = db.prepare('INSERT OR IGNORE INTO epochs (epoch, after_seq) VALUES (?, ?)');
    this.byId = db.prepare('SELECT seq, chain, payload FROM entries WHERE id = ?');
  }

  /** @throws TrailError `invalid_entry` for an entry that can never be stored; the transaction can go on */
  write(entry: NewEntry): PlacedEntry {
    const seq = this.head.seq + 1;
    const payload = payloadOf(entry, seq);
    const link = this.head.chainWith(payload);
    if (this.run(seq, link.chain, payload)) {
      if (entry.stream) this.knowEpoch(entry.stream.epoch, seq - 1);
      this.head.append(link, String(entry.data.timestamp));
      return { seq, chain: link.chain, isNew: true };
    }
    return this.existing(entry);
  }

  /** Where a stream begins is to be found also when nobody has announced it. */
  private knowEpoch(epoch: string, after: number): void {
    if (epoch === this.lastEpoch) return;
    this.epoch.run(epoch, after);
    this.lastEpoch = epoch;
  }

  private run(seq: number, chain: Uint8Array, payload: string): boolean {
    try {
      return this.insert.run(seq, chain, payload).changes === 1;
    } catch (error) {
      const extended = (error as { errcode?: unknown }).errcode;
      if (UNFIT.has(resultCode(error)) || UNFIT_EXTENDED.has(extended)) {
        throw new TrailError('invalid_entry', invalidEntry(error), { cause: error });
      }
      throw error;
    }
  }

  /** An entry that comes again, as from the spool after a crash, is stored once. */
  private existing(entry: NewEntry): PlacedEntry {
    const id = String(entry.data.id);
    const { seq, chain, payload } = this.byId.get(id) as unknown as StoredEntry;
    if (payloadOf(entry, seq) !== payload) {
      throw new TrailError('invalid_entry', invalidEntry(sameIdOtherContent(id)));
    }
    return { seq, chain, isNew: false };
  }
}

function payloadOf({ kind, stream, instance, data }: NewEntry, seq: number): string {
  const payload = { v: PAYLOAD_VERSION, seq, kind, stream, instance, data };
  try {
    return canonicalPayload(payload);
  } catch {
    // Texts that were cut within a surrogate pair: rare, so looked for only when they are there.
  }
  try {
    return canonicalPayload(wellFormed(payload));
  } catch (error) {
    throw new TrailError('invalid_entry', invalidEntry(error), { cause: error });
  }
}
