/** What `authorize` answered can be no principal. The message says what to change. */
export class PrincipalError extends TypeError {
  override readonly name = 'PrincipalError';
}
