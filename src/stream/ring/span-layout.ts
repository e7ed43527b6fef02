/**
 * The first bytes of a span of the history, by their offsets: a line as it was logged, or a record that is complete,
 * whose JSON follows the head.
 */
export const LAYOUT = {
  flags: 0,
  level: 1,
  fields: 2,
  /** How many of the fields are what came with the story: the last ones. */
  came: 3,
  logger: 4,
  /** The call site; it may be filled in later than the rest. */
  caller: 6,
  /** Characters of the message; the texts of the fields follow it. */
  length: 8,
  time: 10,
  /** Number of the story; 0 for none. */
  story: 18,
  head: 26,
  /** Flag: a byte for each character, not two. */
  narrow: 1,
  /** Flag: a record that is complete. */
  complete: 2,
  /** Flag: a line that was read before, and in which nothing had to be hidden. */
  harmless: 4,
} as const;

/** What is to be known of a span when it goes. */
export const MARK = { system: 0, audit: 1 } as const;
