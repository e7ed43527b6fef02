/**
 * A filter that cannot be used, and where in it the mistake is.
 *
 * @publicApi
 */
export class FilterError extends Error {
  override readonly name = 'FilterError';
  readonly code = 'invalid_filter';

  constructor(
    /** As `filter.not.levels[1]`. */
    readonly path: string,
    problem: string,
  ) {
    super(`${path} ${problem}.`);
  }
}
