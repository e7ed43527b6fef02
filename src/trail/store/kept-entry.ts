import { type TrailReceipt } from './trail-entry.js';

/** What became of an entry that had to be kept somewhere. */
export type KeptEntry =
  | { readonly kept: 'trail'; readonly id: string; readonly receipt: TrailReceipt }
  /** On disk beside the trail, and on its way to it. */
  | { readonly kept: 'spool'; readonly id: string }
  /** Nowhere; an entry of kind `gap` will count it. */
  | { readonly kept: 'counted'; readonly id: string | undefined };
