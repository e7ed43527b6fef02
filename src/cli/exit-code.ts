/** How a command ends; documented in its `--help`. */
export const EXIT_CODES = {
  done: 0,
  /** The connection was lost, refused, or did not come about. */
  failed: 1,
  /** The arguments are wrong, also where only the server could tell. */
  usage: 2,
  /** Who asked may not watch. */
  notAuthorized: 3,
  /** As shells have it for a program that was interrupted: 128 and the number of the signal. */
  interrupted: 130,
} as const;
