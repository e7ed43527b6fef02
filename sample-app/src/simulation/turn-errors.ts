/** The model did not answer in time. */
export class TurnTimeoutError extends Error {
  override readonly name = 'TurnTimeoutError';

  constructor(readonly timeoutMs: number) {
    super(`No answer within ${timeoutMs} ms`);
  }
}

/** The model could not be asked. */
export class ModelUnavailableError extends Error {
  override readonly name = 'ModelUnavailableError';

  constructor(model: string, cause: Error) {
    super(`The model ${model} cannot be reached`, { cause });
  }
}
