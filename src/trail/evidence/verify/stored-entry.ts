/**
 * An entry as it is stored.
 *
 * @publicApi
 */
export interface StoredEntry {
  readonly seq: number;
  /**
   * The canonical text, verbatim, or its UTF-8 bytes. Bytes are the stricter: a database gives bytes that are no UTF-8
   * as the same text as others.
   */
  readonly payload: string | Uint8Array;
  /** 32 bytes. They are kept until the next entry, so they must not change. */
  readonly chain: Uint8Array;
}
