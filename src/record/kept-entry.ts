/**
 * Proof that an entry is committed.
 *
 * @publicApi
 */
export interface TrailReceipt {
  readonly id: string;
  /** Position in the trail, from 1, without holes. */
  readonly seq: number;
  /** The hash chain up to and with the entry, as 64 hexadecimal digits. */
  readonly hash: string;
}

/** What became of an audit record that had to be kept somewhere; comes back by the way that the record went. */
export type KeptEntry =
  | { readonly kept: 'trail'; readonly id: string; readonly receipt: TrailReceipt }
  /** On disk beside the trail, and on its way to it. */
  | { readonly kept: 'spool'; readonly id: string }
  /** Nowhere; an entry of kind `gap` will count it. */
  | { readonly kept: 'counted'; readonly id: string | undefined };
