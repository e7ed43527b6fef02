/**
 * What must not be pruned. A hold without bounds keeps everything. As a trail is only pruned from its beginning, all
 * that comes after the first entry that a hold keeps stays as well, and so does the entry of the hold itself.
 *
 * @publicApi
 */
export interface NewHold {
  /** @default a UUIDv7 */
  readonly id?: string;
  readonly reason: string;
  /** ISO 8601; entries of this time and later. */
  readonly from?: string;
  /** ISO 8601; entries of this time and earlier. */
  readonly to?: string;
  /** An action, or with `*` at its end the beginning of one. */
  readonly action?: string;
}

/**
 * A hold that was not released.
 *
 * @publicApi
 */
export interface Hold extends NewHold {
  readonly id: string;
  /** Its entry. */
  readonly seq: number;
  /** ISO 8601. */
  readonly since: string;
}
