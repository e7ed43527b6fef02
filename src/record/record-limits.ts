/**
 * How large one record may become. What is beyond is cut and the record says `truncated: true`.
 *
 * A record is copied to the history and to every watcher; 64 Ki characters is what a person can still look at
 * and what one flush writes to a socket.
 *
 * @publicApi
 */
export const RECORD_LIMITS = {
  /** Characters of one text: the message, a string in an extra field, a stack. */
  text: 32_768,
  /** Characters of a name: a logger, a field. */
  name: 256,
  /** Characters of all extra fields together, names included. */
  fields: 65_536,
  /** Elements of one array, entries of one object, map or set. */
  entries: 1_000,
  /** Objects inside of objects; also causes of causes. */
  depth: 8,
} as const;
