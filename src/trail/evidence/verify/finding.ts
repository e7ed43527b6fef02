import { type Verdict } from './verdict.js';

/** Which kind of thing is wrong. */
export type FindingCode =
  | 'payload_altered'
  | 'chain_altered'
  | 'entry_altered'
  | 'unreadable'
  | 'not_canonical'
  | 'missing'
  | 'duplicate'
  | 'fork'
  | 'wrong_place'
  | 'wrong_number'
  | 'unproved_pruning'
  | 'cut_off'
  | 'another_history'
  | 'bad_signature'
  | 'unknown_key'
  | 'retired_key'
  | 'malformed_note'
  | 'other_trail'
  | 'bad_handover'
  | 'nothing_trusted'
  | 'keys_unproved'
  | 'lookup_altered'
  | 'schema_altered'
  | 'key_not_used';

/**
 * One thing that is wrong.
 *
 * @publicApi
 */
export interface Finding {
  readonly verdict: Exclude<Verdict, 'ok'>;
  readonly code: FindingCode;
  /** First entry that it touches; for a note, its size. */
  readonly seq: number;
  /** Last entry that it touches, where it is more than one. */
  readonly to?: number;
  /** What was found, as a sentence. */
  readonly text: string;
}
