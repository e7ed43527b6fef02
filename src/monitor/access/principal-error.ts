/** What `authorize` answered can be no principal. The message says what to change. */
export class PrincipalError extends TypeError {
  override readonly name = 'PrincipalError';
}

/** Whether that is what was thrown, which may be anything: `instanceof` throws for some proxies. */
export function isPrincipalError(error: unknown): error is PrincipalError {
  try {
    return error instanceof PrincipalError;
  } catch {
    return false;
  }
}
