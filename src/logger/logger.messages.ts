/** Written once per process warning, never through a logger: the logger is what failed. */
export const innerLoggerThrew = (reason: unknown): string =>
  `The inner logger of LogStreamLogger threw (${describe(reason)}). The call was streamed all the same; ` +
  `check the \`logger\` option of LogStreamModule. Further failures are counted, not repeated.`;

export const callNotStreamed = (reason: unknown): string =>
  `A log call could not be streamed (${describe(reason)}). Further failures are counted, not repeated.`;

/** Stands in the record for what could not be read. */
export const unreadable = (reason: unknown): string => `[Unreadable: ${describe(reason)}]`;

function describe(reason: unknown): string {
  try {
    return reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason);
  } catch {
    return 'a value that cannot be printed';
  }
}
