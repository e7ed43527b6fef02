/** What was handed out to all clients together, since the start. */
export class FanOutTotals {
  /** Deliveries: records times the clients that got them. */
  delivered = 0;
  /** Records that a client's filter held back, times those clients. */
  filtered = 0;
  /** Bytes written to sockets. */
  bytes = 0;
  /** Chunks of live groups that were read, encoded and written. */
  flushes = 0;
  /** Time spent filtering, encoding and joining, for live groups and for clients that catch up, in milliseconds. */
  encodeMs = 0;
  /** Time spent in flushes to live groups, with their part of {@link encodeMs}, in milliseconds. */
  flushMs = 0;
}
