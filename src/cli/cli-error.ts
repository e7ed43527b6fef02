/** Ends a command: with a code, and what is said before. */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    readonly exitCode: number,
    /** Empty when there is nothing to say. */
    message = '',
  ) {
    super(message);
  }
}
